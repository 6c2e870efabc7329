// Authorize: may this idTag charge here? The same decision as StartTransaction's.
import type { ResponseOf } from '../messages.ts';
import type { Route } from '../route.ts';
import { idTagInfoOf, type ParentIdTags } from './id-tag-info.ts';

export interface Authorizer {
  authorize(chargePointId: string, idTag: string): ResponseOf<'Authorize'>['idTagInfo']['status'];
}

export function createAuthorize(authorizer: Authorizer, parents: ParentIdTags): Route<'Authorize'> {
  return {
    action: 'Authorize',
    waitsForDisk: false,
    forgives: 'spelling',
    handle({ chargePointId, request: { idTag = '' } }) {
      return { idTagInfo: idTagInfoOf(authorizer.authorize(chargePointId, idTag), idTag, parents) };
    },
  };
}
