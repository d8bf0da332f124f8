import { expect } from 'chai';
import {
  connectedMessage,
  disconnectedMessage,
  domainMessage,
  streamMessage,
  testMessage,
  trafficMessage,
} from '../../../../src/map/rules/event-message.js';

const nobody = [undefined, undefined, undefined, undefined] as const;
const ann = ['Ann Lee', 'ann', 'Device', 'Ann-MacBook'] as const;

describe('map: the sentences of events', () => {
  it('names person and device', () => {
    expect(connectedMessage('203.0.113.7', 'London', ...ann).message).to.equal(
      'Ann Lee on Ann-MacBook connected from 203.0.113.7 to London',
    );
  });

  it('names a connector alone, and a user without repeating the name', () => {
    const connector = [undefined, undefined, 'Connector', 'site-1'] as const;
    expect(connectedMessage(undefined, undefined, ...connector).message).to.equal('site-1 connected');
    expect(testMessage('Ann Lee', 'ann', 'User', 'Ann Lee').message).to.equal('A test message was sent by Ann Lee');
  });

  it('is a sentence without anything known', () => {
    expect(
      [
        connectedMessage(undefined, undefined, ...nobody),
        disconnectedMessage(undefined, undefined, undefined, ...nobody),
        domainMessage(undefined, undefined, ...nobody),
        trafficMessage(undefined, undefined, undefined, undefined, undefined, undefined, ...nobody),
        streamMessage('log-stream-paused', undefined, undefined, ...nobody),
      ].map(({ message }) => message),
    ).to.deep.equal([
      'A client connected',
      'A client disconnected',
      'Blocked a domain',
      'Blocked traffic',
      'Log streaming was paused',
    ]);
  });

  const spans: readonly (readonly [number, string])[] = [
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3601, '1 h'],
    [5010, '1 h 23 min'],
    [90_000, '1 d 1 h'],
  ];
  for (const [seconds, text] of spans) {
    it(`calls a session of ${seconds} seconds one of ${text}`, () => {
      expect(disconnectedMessage(undefined, seconds * 1e9, 'ended', ...nobody).message).to.equal(
        `A client disconnected after ${text}: ended`,
      );
    });
  }
});
