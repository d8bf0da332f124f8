import { expect } from 'chai';
import { parseNotification } from '../../../src/source/sqs/notification.js';

const created = {
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  awsRegion: 'eu-central-1',
  eventTime: '2026-01-01T00:00:00.000Z',
  eventName: 'ObjectCreated:Put',
  s3: {
    s3SchemaVersion: '1.0',
    configurationId: 'logs',
    bucket: { name: 'logs', ownerIdentity: { principalId: 'A3NL1KOZZKExample' }, arn: 'arn:aws:s3:::logs' },
    object: { key: 'a.gz', size: 1024, eTag: 'd41d8cd98f00b204e9800998ecf8427e', sequencer: '0055AED6DCD90281E5' },
  },
};
const event = {
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '123456789012',
  region: 'eu-central-1',
  resources: ['arn:aws:s3:::logs'],
  detail: {
    version: '0',
    bucket: { name: 'logs' },
    object: { key: 'a b+c%20d.gz', size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', sequencer: '00617F08299329D189' },
    reason: 'PutObject',
  },
};
const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-01-01T00:00:00.000Z', Bucket: 'logs' };

const records = (...entries: unknown[]): unknown => ({ Records: entries });
const keyed = (key: unknown): unknown => ({ ...created, s3: { ...created.s3, object: { ...created.s3.object, key } } });
const sns = (message: unknown): unknown => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: 'arn:aws:sns:eu-central-1:123456789012:logs',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
});
const read = (message: unknown): ReturnType<typeof parseNotification> =>
  parseNotification(typeof message === 'string' ? message : JSON.stringify(message));

const object = {
  bucket: 'logs',
  key: 'a.gz',
  etag: 'd41d8cd98f00b204e9800998ecf8427e',
  sequencer: '0055AED6DCD90281E5',
};
const clean = { ignored: [], test: false, faults: [] };

describe('notifications of S3', () => {
  it('are understood when they come directly', () => {
    expect(read(records(created))).to.deep.equal({ ...clean, objects: [object] });
  });

  it('are understood in the envelope of SNS', () => {
    expect(read(sns(records(created)))).to.deep.equal({ ...clean, objects: [object] });
  });

  it('are understood from EventBridge, whose keys are not URL-encoded', () => {
    const { object: seen } = event.detail;
    const expected = { bucket: 'logs', key: 'a b+c%20d.gz', etag: seen.etag, sequencer: seen.sequencer };
    expect(read(event)).to.deep.equal({ ...clean, objects: [expected] });
  });

  it('are understood from EventBridge through SNS', () => {
    expect(read(sns(event)).objects.map(({ key }) => key)).to.deep.equal(['a b+c%20d.gz']);
  });

  it('may have many records', () => {
    expect(read(records(keyed('1'), keyed('2'))).objects.map(({ key }) => key)).to.deep.equal(['1', '2']);
  });

  it('have URL-encoded keys, with + for a blank', () => {
    const { objects } = read(records(keyed('Cloud+Connexa/%C3%BC%2B%25.gz')));
    expect(objects[0]?.key).to.equal('Cloud Connexa/ü+%.gz');
  });

  it('of a compatible store have s3: before the name of the event', () => {
    expect(read(records({ ...created, eventName: 's3:ObjectCreated:Put' })).objects).to.have.length(1);
  });

  it('without version or ETag name the object all the same', () => {
    const bare = { ...created, s3: { bucket: { name: 'logs' }, object: { key: 'a' } } };
    expect(read(records(bare)).objects).to.deep.equal([{ bucket: 'logs', key: 'a' }]);
  });

  it('about anything but creation are ignored', () => {
    const removed = { ...created, eventName: 'ObjectRemoved:Delete' };
    expect(read(records(removed))).to.deep.equal({ ...clean, objects: [], ignored: ['ObjectRemoved:Delete'] });
    const tagged = { ...event, 'detail-type': 'Object Tags Added' };
    expect(read(tagged)).to.deep.equal({ ...clean, objects: [], ignored: ['Object Tags Added'] });
  });

  for (const [name, message] of [
    ['directly', test],
    ['through SNS', sns(test)],
  ] as const)
    it(`for a test are known ${name}`, () => {
      expect(read(message)).to.deep.equal({ ...clean, objects: [], test: true });
    });

  it('with one entry half-formed keep the others', () => {
    const { objects, faults } = read(records(created, { eventName: 'ObjectCreated:Put' }));
    expect(objects).to.have.length(1);
    expect(faults).to.deep.equal(['Records[1] ("ObjectCreated:Put") has no object s3']);
  });
});

describe('what is no notification of S3', () => {
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['plain text', 'hello, world: this is long', 'text that is not JSON, beginning with "hello, world: this i…"'],
    ['nothing', '', 'text that is not JSON, beginning with ""'],
    ['control characters', '\u001b[2J\u202e', 'text that is not JSON, beginning with "\\u001b[2J\\u202e"'],
    ['null', null, 'a JSON null'],
    ['a number', '7', 'a JSON number'],
    ['an array', [1], 'a JSON array'],
    ['another object', { order: 7, token: 's3cret' }, 'a JSON object with the fields "order, token"'],
    ['no records', { Records: [] }, 'a JSON object with the fields "Records"'],
    ['records that are no list', { Records: {} }, 'a JSON object with the fields "Records"'],
    ['a record that is no object', records('x'), 'Records[0] has no eventName'],
    ['a record of SES', records({ eventSource: 'aws:ses', ses: {} }), 'Records[0] has no eventName'],
    ['no bucket', records({ ...created, s3: { object: { key: 'a' } } }), 'Records[0].s3.bucket.name is no text'],
    ['no key', records(keyed(undefined)), 'Records[0].s3.object.key is no text'],
    ['an empty key', records(keyed('')), 'Records[0].s3.object.key is no text'],
    ['a key that is a number', records(keyed(7)), 'Records[0].s3.object.key is no text'],
    ['a key in broken encoding', records(keyed('100%')), 'Records[0].s3.object.key is not URL-encoded: "100%"'],
    ['a key in no UTF-8', records(keyed('%FF')), 'Records[0].s3.object.key is not URL-encoded: "%FF"'],
    ['an event of EC2', { ...event, source: 'aws.ec2' }, 'a JSON object with the fields "version, id, detail-type'],
    ['an event without detail', { ...event, detail: undefined }, 'there is no object detail'],
    ['an event without a key', { ...event, detail: { bucket: { name: 'b' } } }, 'detail.object.key is no text'],
    ['SNS with text', sns('hello'), 'an SNS notification with text that is not JSON, beginning with "hello"'],
    [
      'a subscription',
      { Type: 'SubscriptionConfirmation', Token: 's3cret' },
      'a JSON object with the fields "Type, To',
    ],
  ];
  for (const [name, message, fault] of bad)
    it(`says what it saw: ${name}`, () => {
      const { objects, faults, test: isTest } = read(message);
      expect(objects).to.deep.equal([]);
      expect(isTest).to.equal(false);
      expect(faults).to.have.length(1);
      expect(faults[0]?.startsWith(fault), faults[0]).to.equal(true);
      expect(faults[0]).not.to.include('s3cret');
    });

  it('is cut where it is long', () => {
    const { faults } = read({ ['x'.repeat(10_000)]: 1 });
    expect(faults[0]?.length).to.be.below(300);
  });
});
