import { expect } from 'chai';
import { awsRefusal } from '../../../src/target/aws-refusal.js';

describe('a 403 of AWS', () => {
  it('to nobody means that requests are not signed', () => {
    const told = awsRefusal(
      'User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy',
    );
    expect(told?.message).to.equal('AWS wants requests to be signed');
  });

  it('to somebody means that a policy keeps them out', () => {
    const told = awsRefusal('User: arn:aws:iam::123456789012:user/a is not authorized to perform: es:ESHttpGet');
    expect(told?.message).to.contain('AWS knows the credentials');
  });
});
