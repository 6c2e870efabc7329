// The IdTagInfo of an answer (OCPP 1.6 §7.25): what a card may do, and whom it belongs to. Nothing that is not needed: chargers stumble over it.
import type { ResponseOf } from '../messages.ts';

type IdTagInfo = ResponseOf<'Authorize'>['idTagInfo'];

export interface ParentIdTags {
  /** Null: the card has none. */
  parentIdTagOf(idTag: string): string | null;
}

/** Cards with the same parent may use one another's reservations; of a card that may not charge nobody needs to know it. */
export function idTagInfoOf(status: IdTagInfo['status'], idTag: string, parents: ParentIdTags): IdTagInfo {
  const parentIdTag = status === 'Accepted' ? parents.parentIdTagOf(idTag) : null;
  return parentIdTag === null ? { status } : { status, parentIdTag };
}
