import { expect } from 'chai';
import { formatSource, parseDeb822, parseOneLine } from '../src/programs/apt-sources.ts';

describe('package sources', () => {
  it('are read in the deb822 format', () => {
    const text = `# a comment
Types: deb deb-src
URIs: http://mirror.example/debian
# http://snapshot.example/
Suites: bookworm bookworm-updates
Components: main
  contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Enabled: no
Types: deb
URIs: http://off.example/
Suites: x
Components: main
`;
    expect(parseDeb822(text)).to.deep.equal([
      {
        types: ['deb', 'deb-src'],
        uris: ['http://mirror.example/debian'],
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main', 'contrib'],
        signedBy: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc',
      },
    ]);
  });

  it('are read in the one-line format', () => {
    const text = `# deb http://off.example x main
deb [arch=amd64 signed-by=/keys/a.gpg] http://mirror.example/debian bookworm main contrib # why
deb http://security.example/ bookworm-security main`;
    const [first, second, ...rest] = parseOneLine(text);
    expect(rest).to.deep.equal([]);
    expect(first).to.deep.equal({
      types: ['deb'],
      uris: ['http://mirror.example/debian'],
      suites: ['bookworm'],
      components: ['main', 'contrib'],
      signedBy: '/keys/a.gpg',
    });
    expect(second?.signedBy).to.equal(undefined);
  });

  it('are written for another suite of the same mirror', () => {
    const [source] = parseOneLine(
      'deb [signed-by=/keys/a.gpg] http://mirror.example/d bookworm main',
    );
    expect(source && formatSource(source, 'sid')).to.equal(
      'Types: deb\nURIs: http://mirror.example/d\nSuites: sid\nComponents: main\nSigned-By: /keys/a.gpg\n',
    );
  });
});
