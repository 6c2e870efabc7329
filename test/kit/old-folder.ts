// A data folder as the old stack leaves it: its four JSON files and users1.csv, with one transaction under way.

export const OLD_TRANSACTION = 1234567890;
export const OLD_CHARGER = 'LIVOLTEK_01';

const OLD_USERS = `id_tag,header name,surname,quota_kwh,unlimited
RFID001,John,Doe,150,FALSE
RFID002,Jane,Roe,20,FALSE
RFID003,Admin,User,0,TRUE
`;

/** The content of each file; `writtenAt` (ISO 8601) is the newest time in them, `startedAt` that of the transaction. */
export function oldFolder({ startedAt, writtenAt }: { startedAt: string; writtenAt: string }) {
  return {
    'users1.csv': OLD_USERS,
    'energy_usage.json': '{"RFID001": 85.512, "RFID002": 3, "RFID003": 0}',
    'active_transactions.json': JSON.stringify({
      [OLD_TRANSACTION]: {
        id_tag: 'RFID001',
        start_meter: 85.5,
        start_time: startedAt,
        last_meter: 88.2,
        full_name: 'John Doe',
        charger_id: OLD_CHARGER,
      },
    }),
    'charger_status.json': JSON.stringify({
      [OLD_CHARGER]: {
        name: OLD_CHARGER,
        brand: 'LIVOLTEK',
        status: 'Charging',
        last_heartbeat: writtenAt,
        total_energy_delivered: 1523.5,
        connector_id: 1,
      },
    }),
    'meter_data_log.json': JSON.stringify([
      {
        ID: 'abc123def456',
        timestamp: writtenAt,
        userName: 'John Doe',
        chargerName: OLD_CHARGER,
        totalPower: 7200,
        deliveredEnergy: 88.2,
        frequency: 50.0,
      },
    ]),
  };
}

export const OLD_FILES = [
  'energy_usage.json',
  'active_transactions.json',
  'charger_status.json',
  'meter_data_log.json',
] as const;
