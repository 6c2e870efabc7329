// Quirks of meters, sessions and cards. A table only; who recognises them is elsewhere.

export const sessionQuirks = {
  'register-in-kwh': {
    what: 'Its samples are in kWh.',
    handling: 'Each value is read in the unit it says, or in energyUnit of this charger.',
    billing: 'low',
  },
  'meter-unreadable': {
    what: 'It sends a negative number, text that is no number, or nothing where its register belongs.',
    handling: 'That value is left out; it counts from the first good one.',
    billing: 'high',
  },
  'phases-summed': {
    what: 'It sends a register for each phase, and no total.',
    handling: 'L1 to L3 are summed.',
    billing: 'medium',
  },
  'several-registers': {
    what: 'It sends several registers in one sample.',
    handling: 'The present one counts, that of Transaction.Begin does not.',
    billing: 'high',
  },
  'power-only': {
    what: 'It sends samples of power without energy.',
    handling: 'Power never bills: meterStop less meterStart does, so the quota is seen at the end only.',
    billing: 'high',
  },
  'intervals-summed': {
    what: 'It sends the energy since the last sample instead of a register.',
    handling: 'The intervals are summed, each once.',
    billing: 'high',
  },
  'unit-in-doubt': {
    what: 'Its register moves as if it were in another unit than it says.',
    handling: 'The operator is asked; until then quotas are held to the larger reading.',
    billing: 'high',
  },
  'units-differ': {
    what: 'meterStart and meterStop are in another unit than its samples.',
    handling: 'The larger of the two readings holds, and the session is flagged.',
    billing: 'high',
  },
  'stop-contradicts': {
    what: 'Its meterStop does not fit its samples.',
    handling: 'The samples stand, and the session is flagged.',
    billing: 'high',
  },
  'baseline-from-sample': {
    what: 'Its first sample does not go on from meterStart.',
    handling: 'The session counts from the first sample, and is flagged.',
    billing: 'high',
  },
  'register-restarted': {
    what: 'Its register begins anew within a session.',
    handling: 'The total is carried on, and the session is flagged.',
    billing: 'high',
  },
  'register-went-back': {
    what: 'Its register goes back within a session, and does not begin anew.',
    handling: 'The next samples show from which value it goes on; the session is flagged.',
    billing: 'medium',
  },
  'value-taken-back': {
    what: 'It sends values that its next sample contradicts, or two registers by turns.',
    handling: 'What was counted for them is taken back, and the session is flagged.',
    billing: 'medium',
  },
  'implausible-jump': {
    what: 'Its register jumps further than power could have brought it.',
    handling: 'The step is booked unless the next sample contradicts it; the session is flagged.',
    billing: 'high',
  },
  'above-max-power': {
    what: 'A whole session is more energy than the charger could give in its time.',
    handling: 'It is booked, and the session is flagged.',
    billing: 'high',
  },
  'repeated-start': {
    what: 'It sends StartTransaction again.',
    handling: 'It gets the same answer, and no second session.',
    billing: 'low',
  },
  'repeated-stop': {
    what: 'It sends StopTransaction again.',
    handling: 'It is booked once; the larger meterStop holds.',
    billing: 'low',
  },
  'start-without-stop': {
    what: 'It starts a transaction while one is open on the connector.',
    handling: 'The older one ends, with the register up to the new meterStart; its late stop corrects it.',
    billing: 'high',
  },
  'stop-without-start': {
    what: 'It stops a transaction that was never started.',
    handling: 'What the register moved since the session before is booked on the card of the stop.',
    billing: 'high',
  },
  'stop-before-start': {
    what: 'It sends StopTransaction before its StartTransaction.',
    handling: 'Both become one session.',
    billing: 'high',
  },
  'transaction-not-started': {
    what: 'It sends samples of a transaction that was never started.',
    handling: 'It is adopted, on the card that was shown last or on UNKNOWN.',
    billing: 'high',
  },
  'own-transaction-id': {
    what: 'Its samples name a transaction id of its own making.',
    handling: 'They are booked on the session of the connector.',
    billing: 'high',
  },
  'samples-after-stop': {
    what: 'It sends samples of a session that has ended.',
    handling: 'They complete it, never beyond meterStop.',
    billing: 'low',
  },
  'session-never-stopped': {
    what: 'Its connector is free, and the session was never stopped.',
    handling: 'The session ends at its last sample; a late stop corrects it.',
    billing: 'high',
  },
  'charges-though-refused': {
    what: 'It charges although StartTransaction was refused.',
    handling: 'The energy is booked on the card, and a stop is asked for.',
    billing: 'high',
  },
  'starts-without-card': {
    what: 'It starts by itself, with no card or a word in its place.',
    handling: 'It is refused like any unknown card, and booked on what it calls itself.',
    billing: 'high',
  },
  'tag-in-other-spelling': {
    what: 'It spells a card otherwise than users1.csv does.',
    handling: 'It is the same card where idTagMatch says so.',
    billing: 'medium',
  },
} as const;
