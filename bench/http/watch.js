// Loaded into a gateway before its own program (node --import): tells on request how long its event loop made anything wait, and what
// its main thread computed. Asked over the channel to the bench; without it the gateway is as it is delivered.
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 1;
const SAMPLING_MICROSECONDS = 500;

if (isMainThread && process.channel !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const session = new Session();
  const ORDERS = {
    watch() {
      delay.reset();
      delay.enable();
    },
    /** Milliseconds beyond the interval at which the loop is looked at, which Node counts along. */
    delay() {
      delay.disable();
      const beyond = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
      return {
        p50: beyond(delay.percentile(50)),
        p99: beyond(delay.percentile(99)),
        max: beyond(delay.max),
        looks: delay.count,
      };
    },
    async profile() {
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROSECONDS });
      await session.post('Profiler.start');
    },
    async profiled() {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return profile;
    },
  };
  process.on('message', async (order) => {
    process.send({ order, answer: await ORDERS[order]() });
  });
  // The bench has died: nobody will stop this gateway.
  process.on('disconnect', () => process.exit(1));
  process.channel.unref();
}
