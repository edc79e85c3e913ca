import { attackTests } from './attackTests.ts';
import { entranceAttacks } from './entranceAttacks.ts';
import { floodAttacks } from './floodAttacks.ts';
import { webSocket } from './Ground.ts';
import { messageAttacks } from './messageAttacks.ts';
import { partialMessageAttacks } from './partialMessageAttacks.ts';
import { streamAttacks } from './streamAttacks.ts';
import { crowdAttacks, upgradeAttacks } from './upgradeAttacks.ts';

attackTests(webSocket, 'the upgrade', upgradeAttacks);
attackTests(webSocket, 'crowds', crowdAttacks);
attackTests(webSocket, 'messages', messageAttacks);
attackTests(webSocket, 'messages that do not end', partialMessageAttacks);
attackTests(webSocket, 'the entrance', entranceAttacks);
attackTests(webSocket, 'streams', streamAttacks);
attackTests(webSocket, 'floods', floodAttacks);
