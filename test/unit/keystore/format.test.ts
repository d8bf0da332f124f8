import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors.js';
import { sealKeystore, unsealKeystore, wantsPassword } from '../../../src/keystore/format.js';

const PLACE = 'a.keystore';
const PASSWORD = 'correct horse';

/** The code of the error that opening ends with, or what it found. */
function opened(text: string, password = ''): string {
  try {
    return JSON.stringify([...unsealKeystore(text, password, PLACE)]);
  } catch (error) {
    if (error instanceof ConnectorError) return error.code;
    throw error;
  }
}

/** The file with its last line made anew, as somebody who alters it on purpose would. */
function signed(text: string): string {
  const body = text.split('\n').slice(0, 3).join('\n').concat('\n');
  return `${body}${createHash('sha256').update(body, 'latin1').digest('hex')}\n`;
}

function flipped(text: string, at: number, bit: number): string {
  const bytes = Buffer.from(text, 'latin1');
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
  return bytes.toString('latin1');
}

describe('a keystore file', () => {
  const open = sealKeystore(new Map([['NAME_OF_IT', 'hunter2hunter2']]), '');
  const locked = sealKeystore(new Map([['NAME_OF_IT', 'hunter2hunter2']]), PASSWORD);

  for (const [what, value] of [
    ['of many lines', 'one\ntwo\r\n\nthree'],
    ['in other alphabets', 'пароль 密码 🔑 e\u0301'],
    ['of 4 KiB', 'x'.repeat(4096)],
    ['with quotes, backslashes and variables', '"\\${A}\0'],
  ] as const) {
    it(`gives back a value ${what}`, () => {
      const entries = new Map([['A', value]]);
      expect(unsealKeystore(sealKeystore(entries, ''), '', PLACE)).to.deep.equal(entries);
    });
  }

  it('gives back a value of any name that the configuration can use', () => {
    const entries = new Map([['__proto__', 'x']]);
    expect(unsealKeystore(sealKeystore(entries, ''), '', PLACE)).to.deep.equal(entries);
  });

  it('shows neither names nor values', () => {
    for (const text of [open, locked]) {
      const plain = Buffer.from(text.split('\n')[2] ?? '', 'base64').toString('latin1');
      expect(text + plain).not.to.match(/NAME_OF_IT|hunter2/);
    }
  });

  it('is another one each time, though it holds the same', () => {
    expect(sealKeystore(new Map(), '').split('\n')[1]).not.to.equal(sealKeystore(new Map(), '').split('\n')[1]);
  });

  it('is known as damaged with any of its bits flipped', () => {
    const codes = new Set(
      Array.from({ length: locked.length * 8 }, (_, i) => opened(flipped(locked, i >> 3, i & 7), PASSWORD)),
    );
    expect([...codes]).to.deep.equal(['CCX_KEYSTORE_DAMAGED']);
  });

  it('is known as damaged when cut at any byte, or with more behind it', () => {
    const cuts = Array.from({ length: locked.length }, (_, length) => locked.slice(0, length));
    const codes = new Set([...cuts, `${locked}\n`, `${locked}x`].map((text) => opened(text, PASSWORD)));
    expect([...codes]).to.deep.equal(['CCX_KEYSTORE_DAMAGED']);
  });

  it('is not opened when its parameters were altered and its checksum made anew', () => {
    const headLength = open.split('\n').slice(0, 2).join('\n').length + 1;
    const found = Array.from({ length: headLength }, (_, at) => opened(signed(flipped(open, at, 0))));
    expect(found.filter((text) => !text.startsWith('CCX_KEYSTORE_'))).to.deep.equal([]);
  });

  it('is not opened when its content was altered and its checksum made anew', () => {
    const [first, second, data = ''] = locked.split('\n');
    const sealed = Buffer.from(data, 'base64');
    const found = Array.from({ length: 3 }, (_, i) => {
      const altered = Buffer.from(sealed);
      const at = Math.floor((i / 2) * (sealed.length - 1));
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      return opened(signed([first, second, altered.toString('base64'), ''].join('\n')), PASSWORD);
    });
    expect(new Set(found)).to.deep.equal(new Set(['CCX_KEYSTORE_PASSWORD']));
  });

  it('of a newer version is refused as such', () => {
    expect(opened(signed(open.replace('keystore 1', 'keystore 2')))).to.equal('CCX_KEYSTORE_VERSION');
  });

  it('of another kind is refused', () => {
    expect(opened(signed(open.replace('cloudconnexa-ecs', 'elsewhere')))).to.equal('CCX_KEYSTORE_DAMAGED');
  });

  it('that asks for more memory than is sensible is refused', () => {
    expect(opened(signed(open.replace('"N":1024', '"N":1073741824')))).to.equal('CCX_KEYSTORE_DAMAGED');
  });

  it('does not open with another password', () => {
    expect(opened(locked, 'correct Horse')).to.equal('CCX_KEYSTORE_PASSWORD');
    expect(opened(locked)).to.equal('CCX_KEYSTORE_PASSWORD');
  });

  it('without a password is refused to whoever gives one: it could have been put in the place of a protected one', () => {
    expect(opened(open, PASSWORD)).to.equal('CCX_KEYSTORE_PASSWORD');
  });

  it('takes a password in either normal form of its letters', () => {
    expect(opened(sealKeystore(new Map(), 'caf\u00e9'), 'cafe\u0301')).to.equal('[]');
  });

  it('says whether it wants a password', () => {
    expect([wantsPassword(open, PLACE), wantsPassword(locked, PLACE)]).to.deep.equal([false, true]);
  });
});
