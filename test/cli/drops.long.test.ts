import test from 'ava';
import {sshdMissing} from '../connection/sshd.js';
import {playOverDroppingConnections} from './drops.js';

for (let seed = 2; seed <= 11; seed++) {
	(sshdMissing() ? test.serial.skip : test.serial)(`twenty hosts over connections that drop, seed ${seed}`, async (t) => {
		t.timeout(240_000);
		await playOverDroppingConnections(t, seed);
	});
}
