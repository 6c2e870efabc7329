// One charge point of the load: it follows a script, one CALL at a time, and checks every answer. What is counted, and when the
// next reading is due, is decided by its fleet.
import { randomBytes } from 'node:crypto';
import { answerToCall, isRightAnswer } from './answers.ts';
import { RawSocket } from './raw-socket.ts';

/**
 * charging: transactions of some readings each, with all that belongs to them; meter: one endless transaction;
 * heartbeat: nothing else; idle: boots, then is silent.
 */
export type Script = 'charging' | 'meter' | 'heartbeat' | 'idle';

/** What the charge point needs of its fleet. */
export interface ChargerHost {
  readonly port: number;
  readonly script: Script;
  readonly readingsPerTransaction: number;
  /** Connected and booted. */
  ready(charger: Charger): void;
  answered(action: string, askedAtMs: number): void;
  /** Something that no charge point may be answered, or the end of the connection. */
  failed(charger: Charger, what: string): void;
  /** When the next reading is due, by performance.now(); null: not now, the fleet calls step() when it is. */
  dueAt(charger: Charger): number | null;
  /** Whether the script rests. */
  isPaused(charger: Charger): boolean;
}

/** The register rises by 1 to this many Wh from reading to reading. */
const MAX_STEP_WH = 100;
const SOURCE_ADDRESSES = 8;

type Next = 'authorize' | 'start' | 'charging' | 'reading' | 'heartbeat' | 'stop' | 'available';

const FIRST = { charging: 'authorize', meter: 'authorize', heartbeat: 'heartbeat', idle: 'none' } as const;

export class Charger {
  readonly id: string;
  readonly idTag: string;
  /** Wh that the central system has acknowledged, and Wh that it was sent, over all transactions. */
  acknowledgedWh = 0;
  sentWh = 0;
  nextDueMs = 0;
  readonly #index: number;
  readonly #host: ChargerHost;
  readonly #idPrefix = `${randomBytes(8).toString('hex')}-0000-4000-8000-`;
  #socket: RawSocket | null = null;
  #sent = 0;
  #outstanding: { readonly id: string; readonly action: string; readonly askedAtMs: number } | null = null;
  #next: Next | 'none' = 'none';
  #transactionId = 0;
  #readingsLeft = 0;
  #registerWh: number;

  constructor(index: number, host: ChargerHost) {
    const number = String(index + 1).padStart(5, '0');
    this.id = `CP${number}`;
    this.idTag = `LOAD${number}`;
    this.#index = index;
    this.#host = host;
    this.#registerWh = 1000 * (index % 1000);
  }

  get isBusy(): boolean {
    return this.#outstanding !== null && (this.#socket?.isOpen ?? false);
  }

  connect(): void {
    const { id } = this;
    this.#socket = new RawSocket({
      port: this.#host.port,
      id,
      localAddress: `127.0.0.${1 + (this.#index % SOURCE_ADDRESSES)}`,
      onOpen: () =>
        this.#call(
          'BootNotification',
          `{"chargePointVendor":"Load","chargePointModel":"Sim-1","chargePointSerialNumber":"${id}","firmwareVersion":"1.0.0","meterType":"SimMeter"}`,
        ),
      onText: (text) => this.#hear(text),
      onEnd: (reason) => this.#host.failed(this, `the connection ended: ${reason}`),
    });
  }

  drop(): void {
    this.#socket?.drop();
  }

  /** The next CALL of the script, unless one is under way, the script rests, or the reading is not due. */
  step(): void {
    if (this.#outstanding !== null || this.#next === 'none' || !this.#socket?.isOpen) return;
    if (this.#host.isPaused(this)) return;
    if (this.#next === 'reading' || this.#next === 'heartbeat') {
      const dueMs = this.#host.dueAt(this);
      if (dueMs === null) return;
      if (this.#next === 'reading') this.#sendReading(dueMs);
      else this.#call('Heartbeat', '{}', dueMs);
      return;
    }
    const { idTag } = this;
    const at = new Date().toISOString();
    const registerWh = this.#registerWh;
    switch (this.#next) {
      case 'authorize':
        this.#call('Authorize', `{"idTag":"${idTag}"}`);
        break;
      case 'start':
        this.#call(
          'StartTransaction',
          `{"connectorId":1,"idTag":"${idTag}","meterStart":${registerWh},"timestamp":"${at}"}`,
        );
        break;
      case 'charging':
        this.#callStatus('Charging', at);
        break;
      case 'stop':
        this.#call(
          'StopTransaction',
          `{"transactionId":${this.#transactionId},"idTag":"${idTag}","meterStop":${registerWh},"timestamp":"${at}","reason":"Local"}`,
        );
        break;
      case 'available':
        this.#callStatus('Available', at);
    }
  }

  #callStatus(status: string, at: string): void {
    this.#call(
      'StatusNotification',
      `{"connectorId":1,"errorCode":"NoError","status":"${status}","timestamp":"${at}"}`,
    );
  }

  /** Four values, as most charge points send: about 600 bytes. */
  #sendReading(dueMs: number): void {
    const flowedWh = 1 + (this.#sent % MAX_STEP_WH);
    this.#registerWh += flowedWh;
    this.sentWh += flowedWh;
    const digit = this.#sent % 10;
    const value = (text: string, measurand: string, rest = '') =>
      `{"value":"${text}","context":"Sample.Periodic","measurand":"${measurand}","location":"Outlet"${rest}}`;
    const values = [
      value(String(this.#registerWh), 'Energy.Active.Import.Register', ',"format":"Raw","unit":"Wh"'),
      value(String(3000 + ((this.#index * 137) % 8000)), 'Power.Active.Import', ',"unit":"W"'),
      value(`23${digit % 5}.${digit}`, 'Voltage', ',"unit":"V"'),
      value(`49.9${digit}`, 'Frequency'),
    ].join(',');
    const at = new Date().toISOString();
    this.#call(
      'MeterValues',
      `{"connectorId":1,"transactionId":${this.#transactionId},"meterValue":[{"timestamp":"${at}","sampledValue":[${values}]}]}`,
      dueMs,
    );
  }

  #call(action: string, payload: string, askedAtMs: number = performance.now()): void {
    this.#sent += 1;
    // 36 characters, as long as the UUIDs that most charge points use.
    const id = this.#idPrefix + String(this.#sent).padStart(36 - this.#idPrefix.length, '0');
    this.#outstanding = { id, action, askedAtMs };
    this.#socket?.send(`[2,"${id}","${action}",${payload}]`);
  }

  #hear(text: string): void {
    const message = JSON.parse(text) as [number, string, ...unknown[]];
    if (message[0] === 2) {
      const id = JSON.stringify(message[1]);
      const answer = answerToCall(message[2] as string);
      this.#socket?.send(answer === null ? `[4,${id},"NotImplemented","",{}]` : `[3,${id},${answer}]`);
      return;
    }
    const asked = this.#outstanding;
    if (asked?.id !== message[1]) {
      this.#host.failed(this, `an answer to nothing: ${text}`);
      return;
    }
    this.#outstanding = null;
    const payload = message[2] as Readonly<Record<string, unknown>>;
    if (message[0] === 3 && isRightAnswer(asked.action, payload)) {
      this.#host.answered(asked.action, asked.askedAtMs);
      this.#advance(asked.action, payload);
    } else this.#host.failed(this, `${asked.action} was answered ${text}`);
  }

  #advance(action: string, payload: Readonly<Record<string, unknown>>): void {
    switch (action) {
      case 'BootNotification':
        this.#next = FIRST[this.#host.script];
        this.#host.ready(this);
        return;
      case 'Authorize':
        this.#next = 'start';
        break;
      case 'StartTransaction':
        this.#transactionId = payload['transactionId'] as number;
        this.#readingsLeft = this.#host.script === 'meter' ? Infinity : this.#host.readingsPerTransaction;
        this.#next = 'charging';
        break;
      case 'StatusNotification':
        this.#next = this.#next === 'charging' ? 'reading' : 'authorize';
        break;
      case 'MeterValues':
        this.acknowledgedWh = this.sentWh;
        this.#readingsLeft -= 1;
        if (this.#readingsLeft === 0) this.#next = 'stop';
        break;
      case 'StopTransaction':
        this.#next = 'available';
    }
    this.step();
  }
}
