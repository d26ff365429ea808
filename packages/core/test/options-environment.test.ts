import { expect } from 'chai';
import type { LifeguardOptions } from '../src/options.ts';
import { readOptions } from '../src/read-options.ts';

function modeOf(said: string | undefined, enabled?: LifeguardOptions['enabled']): string {
  return readOptions(enabled === undefined ? {} : { enabled }, { LIFEGUARD: said }).mode;
}

describe('the environment variable LIFEGUARD', () => {
  for (const mode of ['on', 'off', 'observe']) {
    for (const enabled of [undefined, true, false, 'observe'] as const) {
      it(`${mode} wins over enabled: ${String(enabled)}`, () => {
        expect(modeOf(mode, enabled)).to.equal(mode);
      });
    }
  }

  for (const said of ['ON', ' On ', 'oN\n']) {
    it(`may be written ${JSON.stringify(said)}`, () => {
      expect(modeOf(said, false)).to.equal('on');
    });
  }

  for (const said of [undefined, '', '  ']) {
    it(`says nothing when it is ${said === undefined ? 'not there' : JSON.stringify(said)}`, () => {
      expect(modeOf(said)).to.equal('on');
      expect(modeOf(said, 'observe')).to.equal('observe');
      expect(modeOf(said, false)).to.equal('off');
    });
  }

  for (const said of ['true', '1', 'yes', 'of', 'disabled']) {
    it(`is refused as ${JSON.stringify(said)}`, () => {
      expect(() => modeOf(said))
        .to.throw(`LIFEGUARD is "${said}"; allowed: "on", "off", "observe".`)
        .with.property('code', 'LIFEGUARD_INVALID_OPTION');
    });
  }

  describe('of this process', () => {
    const before = process.env['LIFEGUARD'];
    afterEach(() => {
      if (before === undefined) delete process.env['LIFEGUARD'];
      else process.env['LIFEGUARD'] = before;
    });

    it('is the one that counts', () => {
      process.env['LIFEGUARD'] = 'observe';
      expect(readOptions().mode).to.equal('observe');
      delete process.env['LIFEGUARD'];
      expect(readOptions().mode).to.equal('on');
    });
  });
});
