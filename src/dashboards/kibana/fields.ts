import { ConnectorError } from '../../errors.js';
import type { FieldType, TargetField } from '../../map/fields.js';
import type { DataView, Measure } from '../spec.js';

/** Types of values that Lens can aggregate. */
export type DataType = 'string' | 'number' | 'ip' | 'boolean' | 'date';

/** Elasticsearch types that have no doc values, or whose values Lens has no operation for, are not here. */
const dataTypes: Readonly<Partial<Record<FieldType, DataType>>> = {
  keyword: 'string',
  constant_keyword: 'string',
  ip: 'ip',
  long: 'number',
  float: 'number',
  boolean: 'boolean',
  date: 'date',
};

const ordered: readonly DataType[] = ['number', 'date'];

/** What an operation can be asked of; the others of any type. */
const operands: Readonly<Partial<Record<Measure['of'], readonly DataType[]>>> = {
  min: ordered,
  max: ordered,
  avg: ['number'],
  p95: ['number'],
};

/** The fields that a panel can be about: those of documents and the computed ones. */
export class Fields {
  readonly #types: ReadonlyMap<string, DataType | undefined>;

  constructor(fields: readonly TargetField[], { computed }: DataView) {
    this.#types = new Map([
      ...fields.map(({ name, type }) => [name, dataTypes[type]] as const),
      ...computed.map(({ name }) => [name, 'number'] as const),
    ]);
  }

  /** @throws ConnectorError CCX_DASHBOARD_INVALID for a field that is unknown or can't be aggregated */
  typeOf(field: string): DataType {
    const type = this.#types.get(field);
    if (type !== undefined) return type;
    throw fault(field, this.#types.has(field) ? 'has values that cannot be aggregated' : 'is in no field list');
  }

  /** @throws ConnectorError CCX_DASHBOARD_INVALID also for one whose type the measure can't be asked of */
  operandOf({ of, field = '' }: Measure): DataType {
    const type = this.typeOf(field);
    if (operands[of]?.includes(type) === false) throw fault(field, `is a ${type}, which has no ${of}`);
    return type;
  }
}

function fault(field: string, what: string): ConnectorError {
  return new ConnectorError('CCX_DASHBOARD_INVALID', `a panel uses the field ${field}, which ${what}`, {
    place: 'dashboards',
  });
}
