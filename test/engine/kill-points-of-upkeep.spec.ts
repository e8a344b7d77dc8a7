import { deployed, killAtEveryDeed } from './kill-points.js';

killAtEveryDeed([
  {
    name: 'a rollback',
    deeds: 14,
    scale: 2,
    ask: async (scene, engine) => {
      await deployed(scene, engine);
      await deployed(scene, engine);
      return scene.askForRollback(1);
    },
  },
  {
    name: 'a cancel',
    deeds: 6,
    scale: 2,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      const canceled = await scene.askForDeploy();
      const begun = await scene.engine({ step: 4, when: 'after' });
      await Promise.race([begun.look(scene.key), begun.died]);
      await scene.leasesRunOut();
      await scene.dataSource.query('UPDATE deploys SET cancel_requested_at = now() WHERE id = $1', [canceled]);
      return id;
    },
  },
  {
    name: 'a reconcile that scales up',
    deeds: 8,
    scale: 4,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      await scene.scale(4);
      return id;
    },
  },
  {
    name: 'a restart',
    deeds: 14,
    scale: 2,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      await scene.askForRestart();
      return id;
    },
  },
  {
    name: 'a host that is emptied',
    deeds: 7,
    scale: 2,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      await scene.setHost('h1', { cordoned: true, drainRequestedAt: new Date() });
      return id;
    },
  },
]);
