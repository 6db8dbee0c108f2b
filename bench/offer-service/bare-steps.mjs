// The steps of an acknowledged update, done barely, in a process of their own, as offer-service is one.
// Started with an IPC channel (serialization `advanced`); answers each order of bare-steps.ts with a rate.
import { connect as connectSocket } from 'node:net';
import amqp from 'amqplib';

/** Keeps `inFlight` of something going until all are done; `begin` calls back when one is. */
const keepGoing = async (inFlight, count, begin) => {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await new Promise((resolve) => {
    let started = 0;
    let finished = 0;
    const next = () => {
      if (started < count) begin(started++, done);
    };
    const done = () => {
      if (++finished === count) resolve();
      else next();
    };
    for (let n = 0; n < inFlight; n++) next();
  });
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (count * 1_000) / (performance.now() - began), cpuMicros: (user + system) / count };
};

/** Publishes on one confirm channel of amqplib. */
const openConfirms = async ({ brokerUrl, queue, bodies }) => {
  const connection = await amqp.connect(brokerUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const options = { persistent: true, mandatory: true };
  return (n, done) => channel.publish('', queue, bodies[n], options, done);
};

/** Requests written to one connection, whose answers have no body and come in their order. */
const openPosts = async ({ host, port, requests }) => {
  const socket = connectSocket({ host, port, noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const waiting = [];
  let taken = 0;
  let rest = '';
  socket.on('data', (data) => {
    const answers = (rest + data.toString('latin1')).split('\r\n\r\n');
    rest = answers.pop();
    for (let n = 0; n < answers.length; n++) waiting[taken++]();
  });
  return (n, done) => {
    waiting.push(done);
    socket.write(requests[n]);
  };
};

const open = { confirms: openConfirms, posts: openPosts };
const steps = {};

process.on('message', async ({ step, setup, inFlight, count }) => {
  if (setup !== undefined) steps[step] = await open[step](setup);
  process.send(setup === undefined ? await keepGoing(inFlight, count, steps[step]) : 'ready');
});
process.on('disconnect', () => process.exit(0));
