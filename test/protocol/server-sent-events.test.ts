import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ServerSentEvents, type ServerSentEvent } from '../../src/protocol/server-sent-events.js';

interface Read {
  events: ServerSentEvent[];
  lastEventId: string;
  retryMs: number | undefined;
}

const encoder = new TextEncoder();

/** The stream as a whole, step by step as the standard has it (HTML, 9.2.5 and 9.2.6). */
function readByTheStandard(stream: Uint8Array): Read {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(stream);
  const read: Read = { events: [], lastEventId: '', retryMs: undefined };
  let [data, type, id] = ['', '', ''];
  let line = '';
  const characters = [...text];
  if (characters[0] === '\uFEFF') characters.shift();
  const endLine = () => {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value[0] === ' ') value = value.slice(1);
    if (line === '') {
      read.lastEventId = id;
      if (data !== '') {
        if (data.endsWith('\n')) data = data.slice(0, -1);
        read.events.push({ type: type === '' ? 'message' : type, data, lastEventId: id });
      }
      data = type = '';
    } else if (field === 'event') type = value;
    else if (field === 'data') data = data + value + '\n';
    else if (field === 'id') {
      if (!value.includes('\u0000')) id = value;
    } else if (field === 'retry' && value !== '' && [...value].every((digit) => digit >= '0' && digit <= '9'))
      read.retryMs = parseInt(value, 10);
    line = '';
  };
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === '\r') {
      if (characters[at + 1] === '\n') at += 1;
      endLine();
    } else if (character === '\n') endLine();
    else line += character;
  }
  return read;
}

/** The stream as it comes, cut before each of those bytes. */
function readInPieces(stream: Uint8Array, cuts: number[]): Read {
  const parser = new ServerSentEvents();
  const borders = [0, ...[...new Set(cuts)].sort((one, other) => one - other), stream.length];
  const events = borders.slice(1).flatMap((end, at) => parser.push(stream.subarray(borders[at], end)));
  return { events, lastEventId: parser.lastEventId, retryMs: parser.retryMs };
}

const dataOf = (text: string) => readInPieces(encoder.encode(text), []).events.map(({ data }) => data);

describe('server-sent events', () => {
  const streams: Record<string, [text: string, data: string[]]> = {
    'lines that end with a line feed': ['data: a\n\ndata: b\n\n', ['a', 'b']],
    'lines that end with a carriage return': ['data: a\r\rdata: b\r\r', ['a', 'b']],
    'lines that end with both': ['data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    'line ends of every kind': ['data: a\n\rdata: b\r\n\ndata: c\r\r\n', ['a', 'b', 'c']],
    'a byte order mark': ['\uFEFFdata: a\n\n', ['a']],
    'a second one, which belongs to a name that nobody knows': ['\uFEFF\uFEFFdata: a\n\n', []],
    'several data lines': ['data: a\ndata:  b\ndata\ndata:c\n\n', ['a\n b\n\nc']],
    'data without a character': ['data\n\ndata:\n\n', ['', '']],
    comments: [': a\n:\ndata: a\n:data: b\n\n:\n\n', ['a']],
    'names that nobody knows': ['DATA: a\n data: b\ndata : c\nfoo\n\n', []],
    'separators that end no line': [
      'data: a\u2028b\u2029c\u0085d\u000be\u000cf\n\n',
      ['a\u2028b\u2029c\u0085d\u000be\u000cf'],
    ],
    'an end in the middle of an event': ['data: a\n\ndata: b\n', ['a']],
    'no event': ['event: a\nid: 1\n\n', []],
  };
  for (const [name, [text, data]] of Object.entries(streams))
    it(`with ${name}`, () => assert.deepEqual(dataOf(text), data));

  it('keep the type of one event from the next, and the id until another comes', () => {
    const { events } = readInPieces(
      encoder.encode('event: a\nid: 1\ndata: 1\n\ndata: 2\n\nid\ndata: 3\n\n'),
      [],
    );
    assert.deepEqual(events, [
      { type: 'a', data: '1', lastEventId: '1' },
      { type: 'message', data: '2', lastEventId: '1' },
      { type: 'message', data: '3', lastEventId: '' },
    ]);
  });

  it('count an id once its block has ended, with or without data, and none with a NUL in it', () => {
    const parser = new ServerSentEvents();
    parser.push(encoder.encode('id: 7\n'));
    assert.equal(parser.lastEventId, '');
    parser.push(encoder.encode('\nid: 8\0\ndata: a\n\n'));
    assert.equal(parser.lastEventId, '7');
  });

  it('say when to come back in digits alone', () => {
    const parser = new ServerSentEvents();
    parser.push(encoder.encode('retry: 3000\nretry: 5s\nretry: -1\nretry:\nretry: 1e3\nretry: ٣\n'));
    assert.equal(parser.retryMs, 3000);
  });

  it('are the same however they are cut', () => {
    const stream = encoder.encode(
      '\uFEFFretry: 3000\r\n\r\n: ü\r\rid: 1\r\nevent: é\r\ndata: {"a":"\u2028😀"}\r\ndata: 2\r\n\r\ndata: ß\n\n',
    );
    const whole = readByTheStandard(stream);
    assert.equal(whole.events.length, 2);
    assert.deepEqual(readInPieces(stream, []), whole);
    for (let one = 0; one <= stream.length; one++)
      for (let other = one; other <= stream.length; other++)
        assert.deepEqual(readInPieces(stream, [one, other]), whole);
    assert.deepEqual(readInPieces(stream, Array.from(stream.keys())), whole);
  });

  it('are what the standard makes of them, whatever comes and however it is cut', () => {
    const pieces = fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', ':', ' ', '\0', '\uFEFF', '\u2028', '\u0085', '\t', '7', '٣', '😀'),
      fc.constantFrom('data', 'data: ', 'event: ', 'id: ', 'id', 'retry: ', 'data: a\n\n', 'id: 1\r\n\r\n'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const broken = fc.uint8Array({ maxLength: 3 });
    const streams = fc
      .array(
        fc.oneof(
          { weight: 9, arbitrary: pieces.map((text) => encoder.encode(text)) },
          { weight: 1, arbitrary: broken },
        ),
        { maxLength: 40 },
      )
      .map((parts) => new Uint8Array(parts.flatMap((part) => [...part])));
    fc.assert(
      fc.property(streams, fc.array(fc.nat(200), { maxLength: 5 }), (stream, cuts) => {
        const whole = readByTheStandard(stream);
        const within = cuts.filter((cut) => cut <= stream.length);
        assert.deepEqual(readInPieces(stream, within), whole);
        assert.deepEqual(readInPieces(stream, Array.from(stream.keys())), whole);
      }),
      { numRuns: 2000 },
    );
  });
});
