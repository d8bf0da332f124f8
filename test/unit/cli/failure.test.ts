import { expect } from 'chai';
import { asConnectorError, failureText } from '../../../src/cli/failure.js';
import { ConnectorError } from '../../../src/errors.js';

const plain = { colour: false, debug: false, redact: (text: string) => text };

describe('how a failure is told', () => {
  it('has the code, the message, the place and the remedy', () => {
    const error = new ConnectorError('CCX_USAGE', 'no', { place: 'here', remedy: 'do' });
    expect(failureText(error, plain)).to.equal('error CCX_USAGE: no\n  at: here\n  fix: do\n');
  });

  it('has no place line without a place', () => {
    expect(failureText(new ConnectorError('CCX_USAGE', 'no', { remedy: 'do' }), plain)).to.equal(
      'error CCX_USAGE: no\n  fix: do\n',
    );
  });

  it('is CCX_INTERNAL for what nobody expected, with the stack only when debugging', () => {
    const error = asConnectorError(new TypeError('x is undefined'));
    expect(failureText(error, plain)).to.match(/^error CCX_INTERNAL: x is undefined\n {2}fix: .*\n$/);
    expect(failureText(error, { ...plain, debug: true })).to.match(/\n {4}at .*failure\.test\.ts/);
  });

  it('takes thrown values that are no errors', () => {
    expect(asConnectorError('text').message).to.equal('text');
  });

  for (const where of ['message', 'place', 'remedy', 'cause'] as const) {
    it(`never has a secret, not in its ${where}`, () => {
      const secret = 'hunter2';
      const details = { place: 'p', remedy: 'r', cause: new Error('c'), message: 'm' };
      const told = { ...details, [where]: where === 'cause' ? new Error(secret) : `x ${secret}` };
      const error = new ConnectorError('CCX_INTERNAL', told.message, told);
      const text = failureText(error, { colour: false, debug: true, redact: (t) => t.replaceAll(secret, '***') });
      expect(text).to.contain('***').and.not.contain(secret);
    });
  }
});
