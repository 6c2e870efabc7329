// A connector id as a transaction message carries it. What connectors a charge point has is not known here.

/** The id, or `otherwise` where there is none or it is negative, which no connector is (OCPP 1.6 §6.31: 0 or more). */
export function connectorIdOr(otherwise: number, id: number | undefined): number {
  return id !== undefined && id >= 0 ? id : otherwise;
}
