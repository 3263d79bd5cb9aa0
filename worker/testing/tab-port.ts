/** A tab's way to a hub over Comlink, as the page has it: calls on one port, deliveries on another. */
import { transfer, type Remote } from 'comlink';
import type { DeliveryPort, HubApi } from '../../shared/hub-api.ts';
import type { AcceptanceWorld } from './hub-acceptance.ts';

/** @param onClose collects what closes the deliveries port */
export function connectOver(
  remote: Remote<HubApi>,
  onClose: (close: () => void) => void,
): ReturnType<AcceptanceWorld['connect']> {
  return {
    // The proxy answers every property with a function; this is the one place that says which ones exist.
    api: remote as unknown as HubApi,
    async attach(tabId, watch) {
      const { port1, port2 } = new MessageChannel();
      onClose(() => port2.close());
      await remote.attach(
        { tabId, attachment: 1, directoryVersion: 0, watch },
        transfer(port1, [port1]) as unknown as DeliveryPort,
      );
      return {
        onBatch(take) {
          port2.onmessage = ({ data }) => take(data);
        },
        ack: (n) => port2.postMessage({ ack: n }),
      };
    },
  };
}
