// What a request shows of the charger that sent it: the notes of its lenient reading, and what lenient.ts does not mind. It changes nothing.
import type { QuirkId } from '../../domain/quirk.ts';
import type { LenientRequest, Note } from './lenient.ts';
import { schemaOf, type ChargePointAction } from './messages.ts';

type Tell = (quirk: QuirkId) => void;

/** Transaction ids are positive int32: the central system gave them out (OCPP 1.6 leaves them to it). */
const MAX_TRANSACTION_ID = 2_147_483_647;

/** A text member of a request, with what its schema asks of it. */
interface TextRule {
  readonly name: string;
  readonly maxLength: number;
  /** Null: any words. */
  readonly words: ReadonlySet<string> | null;
}

const rulesByAction = new Map<ChargePointAction, readonly TextRule[]>();

/** Tells what is odd about a request, some of it more than once. */
export function tellQuirks<A extends ChargePointAction>(
  action: A,
  { request, notes, missing }: LenientRequest<A>,
  tell: Tell,
): void {
  for (const note of notes) tell(quirkOf(note));
  // A missing time is told by whoever looks for it.
  const isMissing = (path: string) =>
    !path.endsWith('timestamp') && notes.every((note) => note.path !== path);
  if (missing.some(isMissing)) tell('missing-members');
  const members = request as Readonly<Record<string, unknown>>;
  const { connectorId, transactionId } = members;
  const isId =
    typeof transactionId !== 'number' || (transactionId > 0 && transactionId <= MAX_TRANSACTION_ID);
  if (!isId) tell('unusable-transaction-id');
  const isOfConnector =
    action === 'StartTransaction' || (action === 'MeterValues' && transactionId !== undefined);
  if (isOfConnector && typeof connectorId === 'number' && connectorId <= 0) tell('connector-0');
  for (const { name, maxLength, words } of rulesOf(action)) {
    const text = members[name];
    if (typeof text !== 'string') continue;
    if (text.length > maxLength) tell('over-long-text');
    if (words?.has(text) === false) tell('unknown-word');
  }
}

function quirkOf({ path, problem }: Note): QuirkId {
  if (problem === 'converted' || problem === 'fraction') return 'wrong-json-type';
  return path === 'transactionId' && problem === 'unsafeInteger'
    ? 'unusable-transaction-id'
    : 'unreadable-member';
}

function rulesOf(action: ChargePointAction): readonly TextRule[] {
  let rules = rulesByAction.get(action);
  if (rules === undefined) {
    const { properties = {} } = schemaOf(action, 'request');
    rules = Object.entries(properties)
      .map(([name, { maxLength = Infinity, enum: words }]) => ({
        name,
        maxLength,
        words: words === undefined ? null : new Set(words),
      }))
      .filter(({ maxLength, words }) => maxLength !== Infinity || words !== null);
    rulesByAction.set(action, rules);
  }
  return rules;
}
