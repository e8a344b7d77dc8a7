import { LABELS } from '../../src/domain/instance/container-name.js';
import { deployed, killAtEveryDeed } from './kill-points.js';

killAtEveryDeed([
  {
    name: 'a rolling deploy of two over two',
    deeds: 14,
    scale: 2,
    ask: async (scene, engine) => {
      await deployed(scene, engine);
      return scene.askForDeploy();
    },
  },
  {
    name: 'a deploy that fails when half is exchanged, and is taken back',
    deeds: 20,
    scale: 2,
    ask: async (scene, engine) => {
      const id = await deployed(scene, engine);
      const next = await scene.askForDeploy();
      scene.world.fateOf = ({ labels }) =>
        labels[LABELS.deploy] === next && labels[LABELS.slot] === '2' ? { healthyAfter: null, endsAfter: 1_300 } : {};
      return id;
    },
  },
  {
    name: 'a blue-green deploy',
    deeds: 16,
    scale: 2,
    ask: async (scene, engine) => {
      await deployed(scene, engine);
      await scene.setWorker({ strategy: 'blue_green' });
      return scene.askForDeploy();
    },
  },
  {
    name: 'a deploy that stops the old first',
    deeds: 14,
    scale: 2,
    ask: async (scene, engine) => {
      await deployed(scene, engine);
      await scene.setWorker({ strategy: 'recreate' });
      return scene.askForDeploy();
    },
  },
]);
