import test from 'ava';
import {sshdMissing} from '../connection/sshd.js';
import {playOverDroppingConnections} from './drops.js';

for (let seed = 2; seed <= 11; seed++) {
	test.serial(`twenty hosts over connections that drop, seed ${seed}`, async (t) => {
		t.timeout(240_000);
		if (sshdMissing()) t.pass();
		else await playOverDroppingConnections(t, seed);
	});
}
