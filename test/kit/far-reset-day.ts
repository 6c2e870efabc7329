// A day for quota.resetDay on which no test stands: a charge that began an hour ago began in the same month.

/** Two weeks away, more or less. */
export const FAR_RESET_DAY = ((new Date().getUTCDate() + 13) % 28) + 1;
