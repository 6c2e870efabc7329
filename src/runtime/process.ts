// What the program knows of its own process.
import { pid } from 'node:process';

export const processId: number = pid;
