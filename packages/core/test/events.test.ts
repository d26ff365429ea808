import { expect } from 'chai';
import { restore, spy, stub } from 'sinon';
import { show } from '../src/duration.ts';
import { Emitter, EVENT_NAMES, isEventName, type EventName } from '../src/events.ts';

const warning = { poolName: 'main', message: 'careful' };

describe('the emitter', () => {
  afterEach(() => restore());

  it('tells every listener of the event, in the order in which they came', () => {
    const emitter = new Emitter();
    const heard: string[] = [];
    emitter.on('warning', ({ message }) => void heard.push(`first ${message}`));
    emitter.on('warning', ({ message }) => void heard.push(`second ${message}`));
    emitter.emit('warning', warning);
    expect(heard).to.deep.equal(['first careful', 'second careful']);
  });

  it('tells nobody of other events', () => {
    const emitter = new Emitter();
    const listener = spy();
    emitter.on('closed', listener);
    emitter.emit('warning', warning);
    expect(listener.called).to.equal(false);
  });

  it('begins with the listeners of the options', () => {
    const listener = spy();
    const emitter = new Emitter({ warning: listener });
    emitter.emit('warning', warning);
    expect(listener.args).to.deep.equal([[warning]]);
  });

  it('no longer tells who was removed; removing him again does nothing', () => {
    const emitter = new Emitter();
    const [stays, goes] = [spy(), spy()];
    emitter.on('warning', stays);
    const remove = emitter.on('warning', goes);
    remove();
    remove();
    emitter.emit('warning', warning);
    expect([stays.callCount, goes.callCount]).to.deep.equal([1, 0]);
  });

  it('knows whether anybody listens', () => {
    const emitter = new Emitter();
    expect(emitter.has('warning')).to.equal(false);
    const remove = emitter.on('warning', () => {});
    expect(emitter.has('warning')).to.equal(true);
    expect(emitter.has('closed')).to.equal(false);
    remove();
    expect(emitter.has('warning')).to.equal(false);
  });

  it('reports a listener that throws, and goes on with the next one', () => {
    const reported = stub(process, 'emitWarning');
    const emitter = new Emitter();
    const next = spy();
    emitter.on('warning', () => {
      throw new Error('disk full');
    });
    emitter.on('warning', next);
    emitter.emit('warning', warning);
    expect(next.calledOnce).to.equal(true);
    const text = 'Lifeguard: A listener of event "warning" threw: Error: disk full';
    expect(reported.args).to.deep.equal([[text, { type: 'LifeguardWarning' }]]);
  });

  it('reports once of each event that its listeners throw, however often they do', () => {
    const reported = stub(process, 'emitWarning');
    const emitter = new Emitter();
    emitter.on('warning', stub().throws(new Error('disk full')));
    for (let time = 0; time < 3; time++) emitter.emit('warning', warning);
    expect(reported.callCount).to.equal(1);
  });

  it('reports a listener whose promise fails', async () => {
    const reported = stub(process, 'emitWarning');
    const emitter = new Emitter();
    emitter.on('warning', stub().resolves());
    emitter.on('warning', stub().rejects(new Error('disk full')));
    emitter.emit('warning', warning);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reported.args.map(([text]) => text)).to.deep.equal([
      'Lifeguard: A listener of event "warning" threw: Error: disk full',
    ]);
  });

  it('lets a listener remove itself while it is told', () => {
    const emitter = new Emitter();
    const heard: string[] = [];
    const remove = emitter.on('warning', () => {
      heard.push('once');
      remove();
    });
    emitter.on('warning', () => void heard.push('always'));
    emitter.emit('warning', warning);
    emitter.emit('warning', warning);
    expect(heard).to.deep.equal(['once', 'always', 'always']);
  });

  for (const name of ['colsed', 'toString', '', 5, undefined]) {
    it(`refuses a listener of the event ${show(name)}`, () => {
      expect(() => new Emitter().on(name as EventName, () => {}))
        .to.throw(`on() was given ${show(name)} and a function; allowed: an event name (verdict, `)
        .with.property('code', 'LIFEGUARD_INVALID_OPTION');
    });
  }

  it('refuses a listener that is no function', () => {
    expect(() => new Emitter().on('closed', 'log' as never)).to.throw(
      /"closed" and "log"; allowed/,
    );
  });
});

describe('the names of events', () => {
  it('are these', () => {
    expect(EVENT_NAMES).to.have.members([
      ...['verdict', 'validated', 'opened', 'openFailed', 'closed', 'timeout', 'failure'],
      ...[
        'idleInTransaction',
        'suspended',
        'retried',
        'rolledBack',
        'leakSuspected',
        'leakReturned',
        'moved',
        'lost',
        'limitRead',
        'limitLearned',
        'warning',
      ],
    ]);
  });

  it('do not include what every object has', () => {
    expect(isEventName('closed')).to.equal(true);
    expect(isEventName('constructor')).to.equal(false);
  });
});
