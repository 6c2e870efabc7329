// The pieces that the contract's schemas are made of. They hold no resource: those are in the files beside this one.
import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '../contract.ts';

/** An object that takes no other members, and a component of the OpenAPI document under its name. */
export function named<P extends TProperties>(title: string, description: string, members: P): TObject<P> {
  return Type.Object(members, { title, description, additionalProperties: false });
}

/** ISO 8601 in UTC. */
export function isoTime(description: string) {
  return Type.String({ format: 'date-time', description });
}

/** A billing month: `2026-11`. */
export const MONTH_PATTERN = '^[2-9]\\d{3}-(0[1-9]|1[0-2])$';

/** Whole Wh; may be negative where it is a difference. */
export function energyWh(description: string) {
  return Type.Integer({ description });
}

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** One of these words, to the letter. */
export function words<const T extends readonly [string, ...string[]]>(all: T, description: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...all], description });
}

/** Members of the query of each list. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: PAGE_LIMIT_MAX,
      default: PAGE_LIMIT_DEFAULT,
      description: 'How many items at most.',
    }),
  ),
  after: Type.Optional(
    Type.String({ description: '`next` of the page before: goes on after its last item.' }),
  ),
};

export type PageQuery = Static<TObject<typeof pageQuery>>;

/** A page of a list, as a component: `page('Users', User)` is called UsersPage. */
export function page<T extends TSchema>(plural: string, item: T) {
  return named(`${plural}Page`, 'A part of a list, in its order.', {
    items: Type.Array(item),
    next: nullable(
      Type.String({ description: 'Send it as `after` for the next page; null: this is the last.' }),
    ),
  });
}
