// An error as RFC 9457 tells it (application/problem+json): schema and type. The codes are in ../contract.ts.
import Type, { type Static } from 'typebox';
import { named } from './schema.ts';

export type Fault = Static<typeof Fault>;
const Fault = named('Fault', 'One thing that is wrong with a request.', {
  path: Type.String({
    description: 'The parameter, or the member of the body: `grant.kwh`, `items.0`; empty: all of it.',
  }),
  message: Type.String(),
});

export type Problem = Static<typeof Problem>;
export const Problem = named('Problem', 'Why a request was refused, or failed.', {
  type: Type.String({ description: '`urn:kwota:problem:` and a code that stays.' }),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String({ description: 'What was wrong with this request.' })),
  hint: Type.Optional(Type.String({ description: 'What to do about it.' })),
  errors: Type.Optional(Type.Array(Fault, { description: 'Each thing that is wrong, the first 20.' })),
});
