import { expect } from 'chai';
import * as core from '../src/index.ts';

describe('the package', () => {
  it('shows what adapters are built from, and nothing else', () => {
    expect(Object.keys(core)).to.have.members([
      ...['readOptions', 'PoolGuard', 'Observer', 'handleOf', 'Emitter', 'registry', 'shadow'],
      ...[
        'Waiter',
        'LifeguardError',
        'rollsBack',
        'transactionLost',
        'Installer',
        'insert',
        'hold',
        'letGo',
      ],
      ...[
        'serverFailures',
        'mysqlErrno',
        'mariadbErrno',
        'dropped',
        'unsent',
        'unopened',
        'permanent',
      ],
      ...[
        'fateOf',
        'orAgain',
        'recognizeCopy',
        'retryOneShots',
        'noteUnserved',
        'wasUnserved',
        'givenUp',
      ],
      'closeInTime',
      'addressesOf',
      'noteLookups',
    ]);
  });
});
