// The process that floods: one connection, heartbeats without waiting for an answer, as many as the socket takes.
import { RawSocket } from './raw-socket.ts';

const AT_ONCE = 100;
const MAX_UNSENT_BYTES = 256 * 1024;

let sent = 0;
let answered = 0;
const port = Number(process.argv[2]);
const socket = new RawSocket({
  ...{ port, id: 'FLOOD', localAddress: '127.0.0.1' },
  onOpen: () => {
    process.send?.('begun');
    sendMore();
  },
  onText: () => (answered += 1),
  onEnd: (reason) => process.stderr.write(`the flood ended: ${reason}\n`),
});

function sendMore(): void {
  for (let n = 0; n < AT_ONCE && socket.unsentBytes < MAX_UNSENT_BYTES; n += 1)
    socket.send(`[2,"${(sent += 1)}","Heartbeat",{}]`);
  if (socket.isOpen) setImmediate(sendMore);
}

process.on('message', () => {
  socket.drop();
  process.send?.(answered);
});
process.on('disconnect', () => process.exit());
