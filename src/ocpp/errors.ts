// The error codes of OCPP-J 1.6 and the errors of this layer. Codes are those of 1.6, misspelling included.

/**
 * The codes that we send (OCPP-J 1.6, table 7).
 * `OccurenceConstraintViolation` is misspelt in the specification: chargers that compare strings know only that spelling.
 */
export type OcppErrorCode =
  | 'NotImplemented'
  | 'NotSupported'
  | 'InternalError'
  | 'ProtocolError'
  | 'SecurityError'
  | 'FormationViolation'
  | 'PropertyConstraintViolation'
  | 'OccurenceConstraintViolation'
  | 'TypeConstraintViolation'
  | 'GenericError';

/** Thrown by a handler that wants its CALL answered with this code; a charger shows `message` to nobody, keep it short. */
export class OcppError extends Error {
  readonly code: OcppErrorCode;

  constructor(code: OcppErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OcppError';
    this.code = code;
  }
}

export type OcppServerErrorCode = 'portInUse' | 'noPermission' | 'badHost' | 'listenFailed';

/** The port for chargers could not be opened; `hint` says what to do about it. */
export class OcppServerError extends Error {
  readonly code: OcppServerErrorCode;
  readonly hint: string;

  constructor(code: OcppServerErrorCode, message: string, hint: string, cause: unknown) {
    super(message, { cause });
    this.name = 'OcppServerError';
    this.code = code;
    this.hint = hint;
  }
}

const byErrno: Readonly<Record<string, OcppServerErrorCode>> = {
  EADDRINUSE: 'portInUse',
  EACCES: 'noPermission',
  EPERM: 'noPermission',
  EADDRNOTAVAIL: 'badHost',
  ENOTFOUND: 'badHost',
  EAI_AGAIN: 'badHost',
  EINVAL: 'badHost',
};

/** Puts a failed listen() of the operating system into words. */
export function listenError(cause: unknown, host: string, port: number, key: string): OcppServerError {
  const flag = key === 'ocpp.port' ? ' or --ocpp-port' : '';
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const code = byErrno[errno] ?? 'listenFailed';
  switch (code) {
    case 'portInUse':
      return new OcppServerError(
        code,
        `port ${port} is in use by another program`,
        `set ${key}${flag}`,
        cause,
      );
    case 'noPermission':
      return new OcppServerError(
        code,
        `no permission to listen on port ${port}`,
        `choose a port above 1023 with ${key}${flag}`,
        cause,
      );
    case 'badHost':
      return new OcppServerError(
        code,
        `${host} is not an address of this machine`,
        'set ocpp.host or --ocpp-host, 0.0.0.0 listens on all',
        cause,
      );
    case 'listenFailed':
      return new OcppServerError(code, `cannot listen on ${host}:${port}`, `set ocpp.host and ${key}`, cause);
  }
}
