import type { Reference } from '../saved-object.js';
import type { Dashboard, DataView } from '../spec.js';

export interface Controls {
  /** `controlGroupInput` of the dashboard. */
  readonly input: object;
  readonly references: readonly Reference[];
}

const obeyed = { ignoreFilters: false, ignoreQuery: false, ignoreTimerange: false, ignoreValidations: false };

/** Lists of values in one line above the panels; what is chosen in one narrows those to its right. */
export function controlsOf({ controls }: Dashboard, view: DataView): Controls {
  const named = controls.map((control) => ({ ...control, id: control.field.replaceAll('.', '-') }));
  const panels = named.map(({ id, field, title }, order) => [id, optionsList(id, field, title, order)] as const);
  return {
    input: {
      controlStyle: 'oneLine',
      chainingSystem: 'HIERARCHICAL',
      showApplySelections: false,
      ignoreParentSettingsJSON: JSON.stringify(obeyed),
      panelsJSON: JSON.stringify(Object.fromEntries(panels)),
    },
    references: named.map(({ id }) => ({
      type: 'index-pattern',
      id: view.id,
      name: `controlGroup_${id}:optionsListDataView`,
    })),
  };
}

function optionsList(id: string, fieldName: string, title: string, order: number): object {
  return {
    type: 'optionsListControl',
    order,
    grow: true,
    width: 'medium',
    explicitInput: { id, fieldName, title, enhancements: {} },
  };
}
