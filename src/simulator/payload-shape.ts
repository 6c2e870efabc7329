// Whether a payload has the shape that its schema asks for: enough to read it without fear. Lengths and formats are not looked at.
import {
  schemaOf,
  type Action,
  type JsonSchema,
  type RequestOf,
  type ResponseOf,
} from '../ocpp/v16/messages.ts';

export function isRequestOf<A extends Action>(action: A, payload: unknown): payload is RequestOf<A> {
  const schema = schemaOf(action, 'request');
  return fits(schema, payload, schema);
}

export function isResponseOf<A extends Action>(action: A, payload: unknown): payload is ResponseOf<A> {
  const schema = schemaOf(action, 'response');
  return fits(schema, payload, schema);
}

function fits(schema: JsonSchema, value: unknown, root: JsonSchema): boolean {
  if (schema.$ref !== undefined) {
    const definition = root.definitions?.[schema.$ref.replace('#/definitions/', '')];
    return definition === undefined || fits(definition, value, root);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) return false;
  switch (schema.type) {
    case 'object':
      return isRecord(value) && fitsMembers(schema, value, root);
    case 'array':
      return Array.isArray(value) && value.every((item) => fits(schema.items ?? {}, item, root));
    case 'integer':
      return Number.isInteger(value);
    case undefined:
      return true;
    default:
      return typeof value === schema.type;
  }
}

function fitsMembers(schema: JsonSchema, value: Record<string, unknown>, root: JsonSchema): boolean {
  const isComplete = (schema.required ?? []).every((key) => value[key] !== undefined);
  const members = Object.entries(schema.properties ?? {});
  return (
    isComplete && members.every(([key, member]) => value[key] === undefined || fits(member, value[key], root))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
