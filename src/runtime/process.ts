// What the program knows of its own process.
import { cpuUsage, memoryUsage, pid } from 'node:process';

export const processId: number = pid;

/** Bytes that are in memory. */
export function residentBytes(): number {
  return memoryUsage.rss();
}

const US_PER_MS = 1000;

/** Milliseconds that its threads have computed since it was started. */
export function cpuMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / US_PER_MS;
}
