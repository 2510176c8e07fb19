import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addParameter } from '../../src/protocol/add-parameter.js';
import { isPathSegment } from '../../src/protocol/path-segment.js';
import { takeParameter } from '../../src/protocol/take-parameter.js';

const isNamed = (wanted: string) => (name: string) => name === wanted;

describe('a parameter is put into an address of somebody else', () => {
  const added: Record<string, string> = {
    'https://a.example': 'https://a.example?id=1',
    'https://a.example/': 'https://a.example/?id=1',
    'https://a.example/?': 'https://a.example/?id=1',
    'https://a.example/?sig=a%20b&flag&next=%2Fx~y': 'https://a.example/?sig=a%20b&flag&next=%2Fx~y&id=1',
    'https://a.example/?x=a+b&y=%7E&z=~&': 'https://a.example/?x=a+b&y=%7E&z=~&id=1',
    'https://a.example/%FC?q=%FC%e4': 'https://a.example/%FC?q=%FC%e4&id=1',
    "https://a.example/a'(b)*;c=d?e[]='f'|{}^`": "https://a.example/a'(b)*;c=d?e[]='f'|{}^`&id=1",
    'https://a.example/ü/../x?ü=ß': 'https://a.example/ü/../x?ü=ß&id=1',
    'https://a.example/#top': 'https://a.example/?id=1#top',
    'https://a.example/?a=1#/route?id=2&b': 'https://a.example/?a=1&id=1#/route?id=2&b',
    'https://a.example/#': 'https://a.example/?id=1#',
    'https://a.example/?a=?id=3': 'https://a.example/?a=?id=3&id=1',
    'https://a.example/?id=3&a=%20&%69d=4&b': 'https://a.example/?a=%20&b&id=1',
    'https://a.example/?id': 'https://a.example/?id=1',
  };
  for (const [address, wanted] of Object.entries(added))
    it(address, () => assert.equal(addParameter(address, 'id', '1'), wanted));

  it('encoded, whatever its value is', () => {
    for (const value of ['a.b~c', 'urn:uuid:1', '50%', 'a&b=c#d?e+f', 'ü😀', ' '])
      assert.equal(
        new URL(addParameter('https://a.example/?x#y', 'id', value)).searchParams.get('id'),
        value,
      );
  });

  it('and every other character stays, whatever the address', () => {
    const part = fc.stringMatching(/^[\w~.%+&=;:@!$'()*,/[\]-]*$/);
    fc.assert(
      fc.property(part, fc.option(part), fc.option(fc.string()), (path, query, hash) => {
        const before = `https://a.example/${path}${query === null ? '' : `?${query}`}`;
        const after = hash === null ? '' : `#${hash}`;
        const made = addParameter(before + after, 'no-such-name', 'x');
        assert.ok(made.startsWith(before), made);
        assert.match(made.slice(before.length, made.length - after.length), /^[?&]?no-such-name=x$/);
        assert.ok(made.endsWith(after));
        assert.deepEqual(takeParameter(made, isNamed('no-such-name')).values, ['x']);
      }),
    );
  });
});

describe('a parameter is taken out of an address of somebody else', () => {
  const address = 'https://a.example/%FC?sig=a%20b&token=1.2&flag&%74oken=3&next=%2Fx~y#token=4';

  it('each time it stands there, and every other character stays', () => {
    assert.deepEqual(takeParameter(address, isNamed('token')), {
      rest: 'https://a.example/%FC?sig=a%20b&flag&next=%2Fx~y#token=4',
      values: ['1.2', '3'],
    });
  });

  it('or those values alone that are wanted', () => {
    const { rest, values } = takeParameter(address, (name, value) => name === 'token' && value === '3');
    assert.equal(rest, 'https://a.example/%FC?sig=a%20b&token=1.2&flag&next=%2Fx~y#token=4');
    assert.deepEqual(values, ['3']);
  });

  it('and where it is not there nothing is changed at all', () => {
    for (const same of [
      'https://a.example/?',
      'https://a.example/?&&#',
      'https://a.example/??token=1',
      'about:blank',
    ])
      assert.deepEqual(takeParameter(same, isNamed('token')), { rest: same, values: [] });
  });
});

describe('an id is a segment of a path', () => {
  for (const id of ['a', 'a.b', 'urn:uuid:1', '~', '50%', 'a/b', 'ü', '😀', '...', ' ', '%2e'])
    it(`${JSON.stringify(id)}: one that is read as it was written`, () => {
      assert.ok(isPathSegment(id));
      const { pathname } = new URL(`https://a.example/sessions/${encodeURIComponent(id)}/heartbeat`);
      const [, , segment, ...rest] = pathname.split('/');
      assert.deepEqual([decodeURIComponent(segment!), rest], [id, ['heartbeat']]);
    });

  for (const id of ['', '.', '..', '\ud800', 'a\udfff', 1, null, undefined])
    it(`${JSON.stringify(id)}: none`, () => assert.ok(!isPathSegment(id)));
});
