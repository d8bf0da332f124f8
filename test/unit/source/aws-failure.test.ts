import { expect } from 'chai';
import { explainAws, type AwsFailure } from '../../../src/source/aws/failure.js';

const place = 's3://logs/a.gz';

/** As the SDK throws it. */
function answered(name: string, httpStatusCode: number, more: object = {}): Error {
  return Object.assign(new Error(`said ${name}`), { name, $metadata: { httpStatusCode } }, more);
}
const broken = (code: string, message = ''): Error => Object.assign(new Error(message), { code });

type Case = [what: string, error: unknown, kind: AwsFailure['kind'], says: RegExp, remedy: RegExp];

const cases: Case[] = [
  ['expired credentials', answered('ExpiredToken', 400), 'denied', /credentials have expired/, /Renew/],
  ['expired credentials of STS', answered('ExpiredTokenException', 403), 'denied', /credentials have expired/, /Renew/],
  [
    'no credentials',
    Object.assign(new Error('Could not load'), { name: 'CredentialsProviderError' }),
    'denied',
    /no credentials/,
    /access_key_id/,
  ],
  ['an unknown key', answered('InvalidAccessKeyId', 403), 'denied', /does not know/, /secret_access_key/],
  ['a wrong secret', answered('SignatureDoesNotMatch', 403), 'denied', /do not match/, /secret_access_key/],
  [
    'a denied object',
    answered('AccessDenied', 403),
    'denied',
    /denied/,
    /s3:GetObject on arn:aws:s3:::logs\/\*.*s3:ListBucket/,
  ],
  ['a denied HEAD', answered('403', 403), 'denied', /denied \(HTTP 403/, /s3:GetObject/],
  [
    'a denied KMS key',
    answered('AccessDenied', 403, { message: 'not authorized to perform: kms:Decrypt' }),
    'denied',
    /key that the data is encrypted with/,
    /kms:Decrypt/,
  ],
  ['a disabled KMS key', answered('KMS.DisabledException', 400), 'denied', /encrypted/, /enabled/],
  ['a busy KMS', answered('KMS.ThrottlingException', 400), 'transient', /fewer requests/, /more slowly/],
  ['a missing object', answered('NoSuchKey', 404), 'missing', /does not exist/, /deleted/],
  ['a missing bucket', answered('NoSuchBucket', 404), 'missing', /no such bucket/, /bucket, region/],
  [
    'a missing queue',
    answered('AWS.SimpleQueueService.NonExistentQueue', 400),
    'missing',
    /no such queue/,
    /queue_url/,
  ],
  [
    'a missing queue of the newer protocol',
    answered('QueueDoesNotExist', 400),
    'missing',
    /no such queue/,
    /queue_url/,
  ],
  ['a rewritten object', answered('PreconditionFailed', 412), 'changed', /written anew/, /read again/],
  [
    'another region, by the header',
    answered('PermanentRedirect', 301, { $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } } }),
    'other',
    /another region/,
    /Set region to eu-west-1/,
  ],
  [
    'another region, by the message',
    answered('AuthorizationHeaderMalformed', 400, {
      message: "the region 'us-east-1' is wrong; expecting 'eu-west-1'",
    }),
    'other',
    /another region/,
    /Set region to eu-west-1/,
  ],
  ['another region, without a hint', answered('UnknownError', 301), 'other', /another region/, /bucket's own/],
  ['a wrong clock', answered('RequestTimeTooSkewed', 403), 'transient', /clock/, /NTP/],
  ['throttling', answered('SlowDown', 503), 'transient', /fewer requests/, /parallel/],
  ['throttling by SQS', answered('ThrottlingException', 400), 'transient', /fewer requests/, /parallel/],
  ['a server error', answered('InternalError', 500), 'transient', /does not answer/, /tried again/],
  ['a gateway without a backend', answered('UnknownError', 502), 'transient', /HTTP 502/, /tried again/],
  ['an archived object', answered('InvalidObjectState', 403), 'unfit', /archived/, /Restore/],
  [
    'a customer key',
    answered('InvalidRequest', 400, { message: 'stored using a form of Server Side Encryption' }),
    'unfit',
    /SSE-C/,
    /KMS/,
  ],
  ['no region', new Error('Region is missing'), 'other', /region is not known/, /AWS_REGION/],
  ['a closed port', broken('ECONNREFUSED'), 'transient', /refused/, /endpoint/],
  [
    'closed ports of all addresses',
    Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
    'transient',
    /refused/,
    /endpoint/,
  ],
  ['an unknown host', broken('ENOTFOUND', 'getaddrinfo ENOTFOUND x'), 'transient', /host name/, /DNS/],
  ['a cut connection', broken('ECONNRESET', 'aborted'), 'transient', /connection broke/, /network/],
  ['a timeout', Object.assign(new Error('late'), { name: 'TimeoutError' }), 'transient', /does not answer/, /network/],
  ['an unknown CA', broken('SELF_SIGNED_CERT_IN_CHAIN'), 'other', /TLS/, /NODE_EXTRA_CA_CERTS/],
  ['a certificate of another host', broken('ERR_TLS_CERT_ALTNAME_INVALID'), 'other', /TLS/, /host name/],
  ['plain HTTP behind https', broken('EPROTO', 'SSL routines: wrong version number'), 'other', /TLS/, /http or https/],
  [
    'a page that is none of AWS',
    answered('SyntaxError', 200, { message: 'mismatched tags' }),
    'other',
    /failed/,
    /endpoint/,
  ],
  ['what is no error', 'odd', 'other', /failed/, /endpoint/],
];

describe('a failure of AWS', () => {
  for (const [what, error, kind, says, remedy] of cases)
    it(`is explained: ${what}`, () => {
      const failure = explainAws(error, place);
      expect(failure.kind).to.equal(kind);
      expect(failure.error.message).to.match(says);
      expect(failure.error.remedy).to.match(remedy);
      expect(failure.error.place).to.equal(place);
    });

  it('has a code by its kind', () => {
    const codeOf = (error: Error): string => explainAws(error, place).error.code;
    expect(codeOf(answered('AccessDenied', 403))).to.equal('CCX_INPUT_DENIED');
    expect(codeOf(answered('NoSuchBucket', 404))).to.equal('CCX_INPUT_NOT_FOUND');
    expect(codeOf(answered('SlowDown', 503))).to.equal('CCX_INPUT_UNREACHABLE');
    expect(codeOf(answered('InvalidObjectState', 403))).to.equal('CCX_INPUT_UNREADABLE');
  });

  it('asks for the rights of the place where they are missing', () => {
    const remedy = (where: string): string => explainAws(answered('AccessDenied', 403), where).error.remedy;
    expect(remedy('s3://logs')).to.match(/^Allow s3:ListBucket on arn:aws:s3:::logs,/);
    expect(remedy('https://sqs.eu-west-1.amazonaws.com/1/q')).to.match(/sqs:ReceiveMessage/);
  });

  it('is told on one line of bounded length', () => {
    const { message } = explainAws(answered('Odd', 400, { message: `a\n\u001b${'x'.repeat(5000)}` }), place).error;
    expect(message).to.have.length.lessThan(400);
    expect(message).not.to.match(/[\n\u001b]/);
  });
});
