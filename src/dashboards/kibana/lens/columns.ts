import type { Where } from '../../../query/where.js';
import { kuery, type Kuery } from '../../kuery.js';
import type { Measure, Terms } from '../../spec.js';
import type { DataType, Fields } from '../fields.js';

/** A column of Lens's data: an operation, and what it is called. */
export interface Column {
  readonly label: string;
  readonly customLabel: true;
  readonly dataType: DataType;
  readonly operationType: string;
  readonly isBucketed: boolean;
  /** Needed by 8.19; 9.2 and later know it by the operation. */
  readonly scale: 'ordinal' | 'interval' | 'ratio';
  readonly sourceField: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly filter?: Kuery;
}

/** By id. Buckets come first and lie inside each other in this order, then the measures. */
export type Columns = Readonly<Record<string, Column>>;

/** How the values of a field are ordered: by a column of measures, or by a measure that is not shown. */
export type Order = { readonly column: string } | { readonly measure: Measure };

const operations = {
  count: 'count',
  unique: 'unique_count',
  min: 'min',
  max: 'max',
  avg: 'average',
  p95: 'percentile',
} as const;

/** How Lens calls the documents themselves. */
const RECORDS = '___records___';

/** Makes the columns of one layer. */
export class ColumnMaker {
  readonly #fields: Fields;
  readonly #timeField: string;

  constructor(fields: Fields, timeField: string) {
    this.#fields = fields;
    this.#timeField = timeField;
  }

  measure(measure: Measure, of: { readonly label?: string; readonly where?: Where } = {}): Column {
    return {
      label: of.label ?? measure.title,
      customLabel: true,
      dataType: this.#resultOf(measure),
      operationType: operations[measure.of],
      isBucketed: false,
      scale: 'ratio',
      sourceField: measure.field ?? RECORDS,
      params: paramsOf(measure),
      ...(of.where && { filter: kuery(of.where) }),
    };
  }

  /** @param other Whether the rest of the values is a bucket too. */
  terms({ field, title, size }: Terms, order: Order, other = false): Column {
    return {
      label: title,
      customLabel: true,
      dataType: this.#fields.typeOf(field),
      operationType: 'terms',
      isBucketed: true,
      scale: 'ordinal',
      sourceField: field,
      params: {
        size,
        ...this.#orderParams(order),
        orderDirection: 'desc',
        otherBucket: other,
        missingBucket: false,
        parentFormat: { id: 'terms' },
        include: [],
        exclude: [],
        includeIsRegex: false,
        excludeIsRegex: false,
      },
    };
  }

  time(): Column {
    return {
      label: 'Time',
      customLabel: true,
      dataType: 'date',
      operationType: 'date_histogram',
      isBucketed: true,
      scale: 'interval',
      sourceField: this.#timeField,
      params: { interval: 'auto', includeEmptyRows: true, dropPartials: false },
    };
  }

  #resultOf(measure: Measure): DataType {
    if (measure.of === 'count') return 'number';
    const type = this.#fields.operandOf(measure);
    return measure.of === 'unique' ? 'number' : type;
  }

  #orderParams(order: Order): object {
    return 'column' in order
      ? { orderBy: { type: 'column', columnId: order.column } }
      : { orderBy: { type: 'custom' }, orderAgg: this.measure(order.measure) };
  }
}

/** No documents count as 0, but have no lowest value. */
function paramsOf({ of }: Measure): Column['params'] {
  if (of === 'p95') return { percentile: 95 };
  return { emptyAsNull: of !== 'count' && of !== 'unique' };
}
