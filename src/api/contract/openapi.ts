// The form of the OpenAPI document (3.1) as far as this program writes it: schema and type.
import Type, { type Static } from 'typebox';
import { named } from './schema.ts';

const JsonSchema = Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema 2020-12.' });

const Content = Type.Record(Type.String(), Type.Object({ schema: Type.Optional(JsonSchema) }));

const Parameter = Type.Object({
  name: Type.String(),
  in: Type.String(),
  required: Type.Boolean(),
  description: Type.Optional(Type.String()),
  schema: JsonSchema,
});

const Answer = Type.Object({
  description: Type.String(),
  headers: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  content: Type.Optional(Content),
});

export type Operation = Static<typeof Operation>;
const Operation = named('Operation', 'One method of one path.', {
  operationId: Type.String(),
  tags: Type.Array(Type.String()),
  summary: Type.String(),
  description: Type.Optional(Type.String()),
  security: Type.Array(Type.Record(Type.String(), Type.Array(Type.String()))),
  parameters: Type.Array(Parameter),
  requestBody: Type.Optional(Type.Object({ required: Type.Boolean(), content: Content })),
  responses: Type.Record(Type.String(), Answer, { description: 'By status.' }),
  'x-role': Type.Union([Type.String(), Type.Null()], {
    description: 'The least role that may; null: anybody.',
  }),
  'x-problems': Type.Record(Type.String(), Type.Integer(), {
    description: 'The codes of the problems that it may tell, each with its status.',
  }),
});

export type OpenApiDocument = Static<typeof OpenApiDocument>;
export const OpenApiDocument = named('OpenApiDocument', 'What this server can be asked.', {
  openapi: Type.String(),
  info: Type.Object({ title: Type.String(), version: Type.String(), description: Type.String() }),
  servers: Type.Array(Type.Object({ url: Type.String() })),
  tags: Type.Array(Type.Object({ name: Type.String() })),
  paths: Type.Record(Type.String(), Type.Record(Type.String(), Operation)),
  components: Type.Object({
    schemas: Type.Record(Type.String(), JsonSchema),
    securitySchemes: Type.Record(Type.String(), Type.Unknown()),
  }),
});
