// JSON Schemas of the OpenAPI document as HTML and as examples, for the page /api/docs.
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Of the components, by name. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

const REFERENCE = '#/components/schemas/';
const EXAMPLE_TIME = '2026-11-30T12:00:00.000Z';

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Text with `code` in it. */
export function proseHtml(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

/** `list of <a>Charger</a>`, `whole number from 1 to 1000`. */
export function typeHtml(schema: JsonSchema): string {
  const name = referenceOf(schema);
  if (name !== null) return `<a href="#schema-${escapeHtml(name)}">${escapeHtml(name)}</a>`;
  if (Array.isArray(schema['enum']))
    return schema['enum'].map((word) => escapeHtml(String(word))).join(' | ');
  const choices = schema['anyOf'] ?? schema['allOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return (choices as JsonSchema[]).map(typeHtml).join(' or ');
  switch (schema['type']) {
    case 'array':
      return `list of ${typeHtml(schemaAt(schema, 'items'))}`;
    case 'integer':
      return `whole number${boundsText(schema)}`;
    case 'number':
      return `number${boundsText(schema)}`;
    case 'string':
      return schema['format'] === 'date-time' ? 'time' : 'text';
    default:
      return typeof schema['type'] === 'string' ? escapeHtml(schema['type']) : 'any';
  }
}

/** The members of an object as a table; empty where it has none that are named. */
export function membersHtml(schema: JsonSchema): string {
  const members = Object.entries(schemaAt(schema, 'properties') as Schemas);
  if (members.length === 0) return '';
  const required = (schema['required'] ?? []) as readonly string[];
  const rows = members.map(([name, member]) => {
    const isOptional = required.includes(name) ? '' : ' (optional)';
    const description = typeof member['description'] === 'string' ? member['description'] : '';
    return rowHtml(`<code>${escapeHtml(name)}</code>${isOptional}`, typeHtml(member), proseHtml(description));
  });
  return tableHtml(['member', 'type', 'means'], rows);
}

export function rowHtml(...cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

export function tableHtml(heading: readonly string[], rows: readonly string[]): string {
  const titles = heading.map((title) => `<th scope="col">${title}</th>`).join('');
  return `<table><thead><tr>${titles}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** A value that the schema takes, with the members that are required, or the first where none is. */
export function exampleOf(schema: JsonSchema, schemas: Schemas): unknown {
  const name = referenceOf(schema);
  if (name !== null) return exampleOf(schemas[name] ?? {}, schemas);
  if (Array.isArray(schema['enum'])) return (schema['enum'] as unknown[])[0];
  if (Array.isArray(schema['examples'])) return (schema['examples'] as unknown[])[0];
  if ('default' in schema) return schema['default'];
  const [choice] = (schema['anyOf'] ?? []) as readonly JsonSchema[];
  if (choice !== undefined) return exampleOf(choice, schemas);
  switch (schema['type']) {
    case 'object':
      return exampleObject(schema, schemas);
    case 'array':
      return [exampleOf(schemaAt(schema, 'items'), schemas)];
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'boolean':
      return true;
    default:
      return schema['format'] === 'date-time' ? EXAMPLE_TIME : 'text';
  }
}

function exampleObject(schema: JsonSchema, schemas: Schemas): unknown {
  const members = Object.entries(schemaAt(schema, 'properties') as Schemas);
  const required = (schema['required'] ?? []) as readonly string[];
  const shown =
    required.length > 0 ? members.filter(([name]) => required.includes(name)) : members.slice(0, 1);
  return Object.fromEntries(shown.map(([name, member]) => [name, exampleOf(member, schemas)]));
}

function referenceOf(schema: JsonSchema): string | null {
  const reference = schema['$ref'];
  return typeof reference === 'string' && reference.startsWith(REFERENCE)
    ? reference.slice(REFERENCE.length)
    : null;
}

function schemaAt(schema: JsonSchema, member: string): JsonSchema {
  return (schema[member] ?? {}) as JsonSchema;
}

function boundsText({ minimum, maximum }: JsonSchema): string {
  if (typeof minimum !== 'number') return typeof maximum === 'number' ? ` up to ${maximum}` : '';
  return typeof maximum === 'number' ? ` from ${minimum} to ${maximum}` : ` of at least ${minimum}`;
}
