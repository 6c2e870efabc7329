// Authorize: may this idTag charge here? The same decision as StartTransaction's.
import type { ResponseOf } from '../messages.ts';
import type { Route } from '../route.ts';

export interface Authorizer {
  authorize(chargePointId: string, idTag: string): ResponseOf<'Authorize'>['idTagInfo']['status'];
}

export function createAuthorize(authorizer: Authorizer): Route<'Authorize'> {
  return {
    action: 'Authorize',
    waitsForDisk: false,
    forgives: 'spelling',
    handle: ({ chargePointId, request }) => ({
      idTagInfo: { status: authorizer.authorize(chargePointId, request.idTag ?? '') },
    }),
  };
}
