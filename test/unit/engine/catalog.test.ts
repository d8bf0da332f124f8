import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors.js';
import { engineCatalog, engineSpec } from '../../../src/engine/catalog.js';

describe('the engine catalog', () => {
  it('finds an engine by its id', () => {
    expect(engineSpec('opensearch-2').version).to.equal('2.19.6');
  });

  it('refuses an unknown id and names the known ones', () => {
    const fault = (): unknown => engineSpec('opensearch-9');
    expect(fault).to.throw(ConnectorError).with.property('code', 'CCX_ENGINE_UNKNOWN');
    expect(fault)
      .to.throw()
      .with.property('remedy', `Choose one of ${engineCatalog.map(({ id }) => id).join(', ')}.`);
  });
});
