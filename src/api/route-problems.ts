// Every problem that a route may tell: its own, and those of the frame that fit its form.
import type { ProblemCode } from './contract.ts';
import type { Route } from './define-route.ts';

export function problemsOf(route: Route): readonly ProblemCode[] {
  const { method, role, body, answer, ifMatch = false, isKept = false, problems = [] } = route;
  const when = (isSo: boolean, ...codes: ProblemCode[]) => (isSo ? codes : []);
  const hasBody = body !== undefined;
  return [
    'badParameter',
    ...when(hasBody, 'badJson', 'badBody'),
    ...when(role !== null, 'tokenMissing', 'tokenRefused'),
    ...when(role === 'operator' || role === 'admin', 'roleTooLow'),
    ...problems,
    ...when(mediaTypesOf(answer).length > 0, 'notAcceptable'),
    ...when(ifMatch, 'versionChanged'),
    ...when(hasBody, 'bodyTooLarge', 'bodyNotJson'),
    ...when(hasBody && method === 'POST', 'keyReused'),
    ...when(ifMatch, 'ifMatchMissing'),
    ...when(isKept, 'notStored'),
    ...when(role === null, 'hostUnknown'),
    'tooManyRequests',
    'serverFailed',
  ];
}

/** What a route can answer with, the usual one first. */
export function mediaTypesOf({ json, text = [] }: Route['answer']): readonly string[] {
  return json === undefined ? text : ['application/json', ...text];
}
