import { expect } from 'chai';
import { decodeAll, rejects, shown } from './support.js';

/** Each: what is in the stream, and what is to come out of it, whatever the chunks. */
const cases: Record<string, [stream: string, expected: string[]]> = {
  'a broken line costs only itself': ['{"a":1}\n{"b":}\n{"c":1}\n', ['{"a":1}', 'invalid_json: {"b":}', '{"c":1}']],
  'a line cut inside a string costs only itself': ['{"a":"x\n{"b":1}\n', ['invalid_json: {"a":"x', '{"b":1}']],
  'a line cut behind a colon costs only itself': [
    '{"a":\n{"b":1}\n{"c":1}\n',
    ['invalid_json: {"a":', '{"b":1}', '{"c":1}'],
  ],
  'a line cut behind a comma costs only itself': ['{"a":1,\n{"b":1}\n', ['invalid_json: {"a":1,', '{"b":1}']],
  'a line cut inside an array costs only itself': [
    '{"a":[1,\n{"b":1}\n{"c":1}\n',
    ['invalid_json: {"a":[1,', '{"b":1}', '{"c":1}'],
  ],
  'a cut event right before another one costs only itself': ['{"a":1{"b":1}', ['invalid_json: {"a":1', '{"b":1}']],
  'a broken concatenated event costs only itself': [
    '{"a":1}{"b":x}{"c":1}',
    ['{"a":1}', 'invalid_json: {"b":x}', '{"c":1}'],
  ],
  'a broken element costs only itself': [
    '[{"a":1},{"b":01},{"c":1}]',
    ['{"a":1}', 'invalid_json: {"b":01},', '{"c":1}'],
  ],
  'a broken last element takes the closing bracket with it, without a second reject': [
    '[{"a":1},{"b":nul}]\n',
    ['{"a":1}', 'invalid_json: {"b":nul}]'],
  ],
  'a broken last element does not cost the next array': [
    '[{"a":1},{"b":nul}]\n[{"c":1}]\n',
    ['{"a":1}', 'invalid_json: {"b":nul}]', '{"c":1}'],
  ],
  'a broken element of a pretty-printed array is one reject': [
    '[\n  {\n    "a": "x\n    "l": {\n      "b": 1\n    }\n  },\n  {\n    "c": 1\n  }\n]\n',
    ['invalid_json: {\n    "a": "x\n    "l": {\n      "b": 1\n    }\n  },', '{\n    "c": 1\n  }'],
  ],
  'a broken pretty-printed object is one reject': [
    '{\n  "a": 1\n  "b": {\n    "c": 2\n  }\n}\n{"d":1}\n',
    ['invalid_json: {\n  "a": 1\n  "b": {\n    "c": 2\n  }\n}', '{"d":1}'],
  ],
  'a cut pretty-printed last event is one reject': [
    '{"a":1}\n{\n  "b": {\n    "c": 1,\n',
    ['{"a":1}', 'truncated: {\n  "b": {\n    "c": 1,'],
  ],
  'a cut last line is one reject': ['{"a":1}\n{"b":"c', ['{"a":1}', 'truncated: {"b":"c']],
  'an element that swallows its neighbours gives them back at the end': [
    '[\n{"a":[1,\n{"b":1},\n{"c":1}\n]\n',
    ['invalid_json: {"a":[1,', '{"b":1}', '{"c":1}'],
  ],
  'a missing array end is one reject': ['[{"a":1},\n', ['{"a":1}', 'truncated: ']],
  'text between events is one reject a line': [
    'hello\n{"a":1}\nx y\nz {"b":1}\n',
    ['invalid_json: hello', '{"a":1}', 'invalid_json: x y', 'invalid_json: z', '{"b":1}'],
  ],
  'scalars are rejected as such': [
    '1 "a{b" true\nnull\n[2,{"a":1},"x"]',
    ['1', '"a{b"', 'true', 'null', '2', '{"a":1}', '"x"'].map((text) =>
      text[0] === '{' ? text : `not_an_object: ${text}`,
    ),
  ],
  'an unfinished string at top level is text': ['"abc\n{"a":1}', ['invalid_json: "abc', '{"a":1}']],
  'a closing bracket without an array is text': [']\n{"a":1}', ['invalid_json: ]', '{"a":1}']],
  'a NUL byte breaks only its event': ['{"a":"\0"}\n{"b":1}', ['invalid_json: {"a":"\0"}', '{"b":1}']],
  'NUL bytes between events are text': ['\0\0{"b":1}', ['invalid_json: \0\0', '{"b":1}']],
  'an unknown escape breaks only its event': ['{"a":"\\x"}\n{"b":1}', ['invalid_json: {"a":"\\x"}', '{"b":1}']],
  'brackets that do not match break only their event': ['{"a":[}\n{"b":1}', ['invalid_json: {"a":[}', '{"b":1}']],
};

describe('what is no event', () => {
  for (const [name, [stream, expected]] of Object.entries(cases)) {
    it(`${name}`, async () => {
      for (const chunk of [65536, 5, 1]) {
        expect(shown(await decodeAll(stream, {}, [chunk])), `chunks of ${chunk}`).to.deep.equal(expected);
      }
    });
  }

  it('has a position, a length and a place to go on from', async () => {
    const [reject] = rejects(await decodeAll('{"a":1}\n  {"b":]  \n{"c":1}'));
    expect(reject).to.include({ start: 10, length: 6 });
    expect(reject?.detail).to.equal('unexpected "]" at byte 15');
    expect(reject?.end).to.deep.equal({ offset: 18, arrayDepth: 0 });
  });

  it('is left for later when the stream may still grow', async () => {
    for (const rest of ['{"b":', '{"b":1', '12', '[', 'text', '"x']) {
      expect(shown(await decodeAll(`{"a":1}\n${rest}`, { final: false }))).to.deep.equal(['{"a":1}']);
    }
  });
});
