import * as m from "../messages";

interface Titled {
  table_id: string;
  table_label: string;
  check_number: number;
}

/** How a ticket is called across a kitchen: `M12`; a tab by its name, a counter sale by its number. */
export function titleOf({ table_id, table_label, check_number }: Titled): string {
  if (table_id && table_label) return /^\d/.test(table_label) ? m.kds_table({ label: table_label }) : table_label;
  return table_label || m.kds_counter({ number: check_number });
}
