// Which connector a transaction message means by its connector id. What a transaction is, is not known here.

/** OCPP 1.6 §6.31: connector 0 is the main meter; also where it is left open whose meter it is. */
const MAIN_METER = 0;

/** What the plainest charger calls its connector. */
const FIRST_CONNECTOR = 1;

export interface Connectors {
  /** Those that a charge point is known to have, 0 left out. */
  connectorsOf(chargePointId: string): ReadonlySet<number>;
}

/** Missing and negative ids are as 0: on a charger with one connector, or none known, that one may be meant (KEBA). */
export class ConnectorIds {
  readonly #connectors: Connectors;
  /** Charge points whose last transaction began on 0, which was their only connector. */
  readonly #beginOnZero = new Set<string>();

  constructor(connectors: Connectors) {
    this.#connectors = connectors;
  }

  ofStart(chargePointId: string, id: number | undefined): number {
    this.#beginOnZero.delete(chargePointId);
    if (id !== undefined && id > 0) return id;
    const only = this.#onlyConnector(chargePointId);
    if (only !== null) this.#beginOnZero.add(chargePointId);
    return only ?? (id === MAIN_METER ? MAIN_METER : FIRST_CONNECTOR);
  }

  /** Outside a transaction 0 is the main meter, unless the charger begins its transactions on 0 as well. */
  ofSamples(chargePointId: string, id: number | undefined, transactionId: number | null): number {
    if (id !== undefined && id > 0) return id;
    const isOfConnector = transactionId !== null || this.#beginOnZero.has(chargePointId);
    return (isOfConnector ? this.#onlyConnector(chargePointId) : null) ?? MAIN_METER;
  }

  #onlyConnector(chargePointId: string): number | null {
    const known = this.#connectors.connectorsOf(chargePointId);
    return known.size <= 1 ? ([...known][0] ?? FIRST_CONNECTOR) : null;
  }
}
