import { expect } from 'chai';
import { sqsClient } from '../../../src/source/aws/client.js';
import { Hold } from '../../../src/source/sqs/hold.js';
import { KnownObjects } from '../../../src/source/sqs/known-objects.js';
import type { Message } from '../../../src/source/sqs/message.js';
import { Queue } from '../../../src/source/sqs/queue.js';
import { withRegionOfQueue } from '../../../src/source/sqs/region.js';
import { Trouble } from '../../../src/source/sqs/trouble.js';
import { eventually } from '../../support/eventually.js';
import { manualClock } from '../../support/manual-clock.js';
import { awsProxy, recordingLogger, type AwsFault, type Line } from './sqs-parts.js';

describe('hold: messages of SQS', () => {
  let lines: Line[];
  let closers: (() => void)[];
  beforeEach(() => {
    lines = [];
    closers = [];
  });
  afterEach(() => {
    for (const close of closers) close();
  });

  const message = (hiddenUntil = 0): Message => ({
    id: 'm',
    receipt: 'r',
    body: '',
    receives: 1,
    serial: 1,
    receivedAt: 0,
    hiddenUntil,
    faults: [],
    open: 1,
    failed: [],
    lapsed: false,
    doubtful: false,
    incomplete: false,
  });
  const make = async (visibilityTimeoutS: number, answer: AwsFault) => {
    const service = await awsProxy('http://127.0.0.1:9', answer);
    const url = `${service.url}/1/queue`;
    const keys = { access_key_id: 'AKIA', secret_access_key: 'x', region: 'eu-central-1' };
    const client = sqsClient({ ...keys, path_style: true, role_session_name: 's' });
    closers.push(
      () => service.close(),
      () => client.destroy(),
    );
    const logger = recordingLogger(lines);
    const { clock, advance } = manualClock();
    const hold = new Hold({
      queue: new Queue(client, { url, visibilityTimeoutS, waitTimeS: 0 }),
      visibilityTimeoutS,
      logger,
      clock,
      trouble: new Trouble(logger, url),
      signal: new AbortController().signal,
    });
    const seconds = (): number[] =>
      service.asked.flatMap(({ body }) =>
        (JSON.parse(body) as { Entries: { VisibilityTimeout: number }[] }).Entries.map((one) => one.VisibilityTimeout),
      );
    return { hold, advance, seconds };
  };
  const fine: AwsFault = () => ({ status: 200 });

  it('never asks for more than 12 hours from the receive, and lets go then', async () => {
    const { hold, advance, seconds } = await make(30_000, fine);
    const held = message();
    hold.add(held);
    for (let beat = 1; beat <= 4; beat += 1) {
      advance(10_000_000);
      await eventually(() => Promise.resolve(seconds().length), beat);
      await hold.release([], () => 0);
    }
    expect(seconds()).to.deep.equal([30_000, 23_200, 13_200, 3200]);
    advance(10_000_000);
    expect(held.lapsed).to.equal(true);
    expect(lines.map(({ level, fields }) => [level, fields['message_id']])).to.deep.equal([['warn', 'm']]);
    expect(lines[0]?.message).to.include('12 hours');
  });

  it('goes on when the queue did not answer, and says so once', async () => {
    let failures = 4;
    const { hold, advance, seconds } = await make(3, () => (failures-- > 0 ? { status: 503 } : { status: 200 }));
    const held = message();
    hold.add(held);
    for (let beat = 0; beat < 3; beat += 1) {
      const before = seconds().length;
      advance(1000);
      await eventually(() => Promise.resolve(seconds().length > before), true);
      await hold.release([], () => 0);
    }
    expect(held.lapsed).to.equal(false);
    expect(lines.map(({ level }) => level)).to.deep.equal(['error', 'info']);
  });

  it('has no doubt about a message for as long as the queue takes what it is told', async () => {
    const { hold, advance, seconds } = await make(3, fine);
    const held = message(3000);
    hold.add(held);
    for (let beat = 1; beat <= 6; beat += 1) {
      advance(1000);
      await eventually(() => Promise.resolve(seconds().length), beat);
      await hold.release([], () => 0);
      expect(hold.isDoubtful(held), String(beat)).to.equal(false);
    }
  });

  it('doubts a message that could not be hidden in time, also when it is hidden again later', async () => {
    let isAway = true;
    const { hold, advance, seconds } = await make(3, () => (isAway ? { status: 403 } : { status: 200 }));
    const held = message(3000);
    hold.add(held);
    const doubts: boolean[] = [];
    for (let beat = 1; beat <= 5; beat += 1) {
      isAway = beat < 4;
      advance(1000);
      doubts.push(hold.isDoubtful(held));
      await eventually(() => Promise.resolve(seconds().length), beat);
      await hold.release([], () => 0);
    }
    expect(doubts).to.deep.equal([false, false, true, true, true]);
    expect(held.lapsed).to.equal(false);
  });

  it('asks in batches of ten', async () => {
    const { hold, advance, seconds } = await make(3, fine);
    for (let number = 0; number < 25; number += 1) hold.add(message());
    advance(1000);
    await eventually(() => Promise.resolve(seconds().length), 25);
  });

  it('says nothing of a message that was deleted meanwhile', async () => {
    const failed = { Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true }] };
    const { hold, advance, seconds } = await make(3, () => ({ status: 200, body: JSON.stringify(failed) }));
    const held = message();
    hold.add(held);
    advance(1000);
    hold.drop(held);
    await eventually(() => Promise.resolve(seconds().length), 1);
    await hold.release([], () => 0);
    expect(lines).to.deep.equal([]);
  });
});

describe('known objects', () => {
  it('are told apart by what they were written as, and forgotten when there are too many', () => {
    const known = new KnownObjects(2);
    const notice = { bucket: 'b', key: 'k', etag: '1' };
    known.note(notice, 'done');
    expect(known.stateOf(notice)).to.equal('done');
    expect(known.stateOf({ ...notice, etag: '2' })).to.equal(undefined);
    known.note({ ...notice, key: 'l' }, 'begun');
    known.note({ ...notice, key: 'm' }, 'begun');
    expect(known.stateOf(notice)).to.equal(undefined);
  });

  it('are known by their key, too, as an object that was written anew may hold what it held before', () => {
    const known = new KnownObjects();
    known.note({ bucket: 'b', key: 'k', etag: '1' }, 'begun');
    expect(known.has({ bucket: 'b', key: 'k', etag: '2' })).to.equal(true);
    expect(known.has({ bucket: 'c', key: 'k', etag: '1' })).to.equal(false);
  });

  it('are not known when nothing tells one writing from another', () => {
    const known = new KnownObjects();
    known.note({ bucket: 'b', key: 'k' }, 'done');
    expect(known.stateOf({ bucket: 'b', key: 'k' })).to.equal(undefined);
  });
});

describe('region of a queue', () => {
  for (const [host, region] of [
    ['sqs.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['sqs.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['sqs-fips.us-east-1.amazonaws.com', 'us-east-1'],
    ['us-west-2.queue.amazonaws.com', 'us-west-2'],
    ['vpce-1-abc.sqs.us-east-1.vpce.amazonaws.com', 'us-east-1'],
    ['sqs.us-east-1.api.aws', 'us-east-1'],
    ['queue.example', undefined],
    ['sqs.eu-central-1.amazonaws.com.example', undefined],
  ] as const)
    it(`at ${host} is ${region ?? 'not known'}`, () => {
      const config = {
        type: 'sqs',
        queue_url: `https://${host}/123456789012/logs`,
        parallel: 1,
        visibility_timeout_s: 1,
        wait_time_s: 1,
        poison_receives: 1,
        path_style: false,
        role_session_name: 's',
      } as const;
      expect(withRegionOfQueue(config).region).to.equal(region);
      expect(withRegionOfQueue({ ...config, region: 'given' }).region).to.equal('given');
    });
});
