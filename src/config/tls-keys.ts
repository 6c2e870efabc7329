// The keys of a TLS section, of the chargers' port and of the API. Files are named here, and read elsewhere.
import { key, optionalKey, type Keys } from './key.ts';
import { boolean, integer, oneOf, path } from './kind.ts';

const files = {
  cert: optionalKey(
    path(),
    'tls/server.pem',
    'The certificate with its whole chain, in PEM; with it and key there is TLS. The files are read again when they change.',
  ),
  key: optionalKey(path(), 'tls/server.key', 'The private key of the certificate, in PEM.'),
} satisfies Keys;

/** Of the REST API. */
export const apiTlsKeys = files;

/** Of the port for chargers. */
export const ocppTlsKeys = {
  ...files,
  ca: optionalKey(
    path(),
    'tls/chargers-ca.pem',
    'Certificates, in PEM, of who has signed those of the chargers; with it chargers are asked for one.',
  ),
  port: optionalKey(
    integer(0, 65535),
    '9443',
    'Port for wss:// beside the one for ws://; when unset, wss:// takes the place of ws:// on ocpp.port.',
  ),
  requireClientCertificate: key(
    boolean(),
    false,
    'Whether a TLS connection without a certificate that ca has signed ends in the handshake.',
  ),
  minVersion: key(
    oneOf('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'),
    'TLSv1.2',
    'The oldest version of TLS that is spoken; below 1.2 only for chargers that know nothing newer.',
  ),
} satisfies Keys;
