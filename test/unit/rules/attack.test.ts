import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors.js';
import { tacticsOf, techniqueOf, techniques } from '../../../src/rules/attack.js';
import { loadRules } from '../../../src/rules/load.js';

describe('techniques of ATT&CK', () => {
  it('are those that the rules name, and their parents', () => {
    const named = loadRules().flatMap(({ attack }) => attack.flatMap((id) => [id, id.split('.', 1)[0] ?? '']));
    expect(techniques().map(({ id }) => id)).to.have.members([...new Set(named)]);
  });

  it('know the technique above them', () => {
    expect(techniqueOf('T1021.001').parent?.id).to.equal('T1021');
    expect(techniqueOf('T1021')).to.not.have.property('parent');
  });

  it('serve tactics, which come once and in the order of the matrix', () => {
    const found = tacticsOf(['T1046', 'T1078', 'T1040'].map(techniqueOf)).map(({ name }) => name);
    expect(found).to.deep.equal([
      'Initial Access',
      'Persistence',
      'Privilege Escalation',
      'Defense Evasion',
      'Credential Access',
      'Discovery',
    ]);
  });

  it('are a fault of the rule when they are not known', () => {
    expect(() => techniqueOf('T9999'))
      .to.throw(ConnectorError)
      .that.includes({ code: 'CCX_RULE_INVALID', place: 'T9999' });
  });
});
