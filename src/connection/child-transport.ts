import type {Channel, Transport} from './channel.js';

/** A transport whose channels are processes of this machine, each on its own; closing it ends them. */
export function childTransport({open, dial, losable}: Pick<Transport, 'open' | 'dial' | 'losable'>): Transport {
	const channels = new Set<Channel>();
	let dead = false;
	return {
		losable,
		get dead() {
			return dead;
		},
		async open() {
			const channel = await open();
			channels.add(channel);
			void channel.closed.then(() => channels.delete(channel));
			return channel;
		},
		dial,
		async close() {
			dead = true;
			for (const channel of channels) channel.destroy();
		},
	};
}
