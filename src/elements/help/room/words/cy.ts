import type { RoomWords } from '../room-words.js';

/** Welsh. */
export const words: RoomWords = {
  title: 'Galwad',
  intro:
    'Bydd eich porwr yn gofyn a gaiff y dudalen hon ddefnyddio’r camera a’r meicroffon. Gallwch ymuno hebddynt hefyd. Ni chaiff dim ei recordio.',
  join: 'Ymuno â’r alwad',
  linkText: 'Mae gan yr alwad ei thudalen ei hun, sy’n agor mewn tab newydd.',
  skip: 'Ymuno hebddynt',
  leave: 'Gadael',
  tryAgain: 'Rhoi cynnig arall arni',
  bringHere: 'Parhau yma',
  shareScreen: 'Rhannu’r sgrin',
  devices: 'Dyfeisiau',
  playSound: 'Troi’r sain ymlaen',
  ownPicture: 'Eich llun eich hun',
  otherPicture: 'Llun yr ochr arall',
  states: {
    joining: 'Yn ymuno…',
    waiting: 'Yn aros i’r ochr arall ymuno.',
    connecting: 'Yn cysylltu…',
    connected: 'Rydych wedi cysylltu.',
    reconnecting: 'Collwyd y cysylltiad. Mae’n cael ei adfer…',
    left: 'Mae’r ochr arall wedi gadael. Os dônt yn ôl, bydd yr alwad yn parhau.',
    elsewhere: 'Mae’r alwad yn parhau mewn ffenestr arall o’ch eiddo.',
    ended: 'Mae’r sesiwn ar ben, a’r alwad hefyd.',
  },
  quality: {
    weak: 'Mae’r cysylltiad yn wan: gall y sain a’r llun dorri.',
    poor: 'Mae’r cysylltiad yn wael. Mae diffodd y camera yn helpu.',
  },
  otherMuted: 'Mae meicroffon yr ochr arall wedi’i ddiffodd.',
  otherUnseen: 'Nid yw’r ochr arall yn dangos llun.',
  failures: {
    notConnected: 'Ni ellid cysylltu. Efallai y bydd rhwydwaith arall yn gadael yr alwad drwodd.',
    unsupported: 'Ni all y porwr hwn wneud galwadau. Defnyddiwch un arall.',
    refused: 'Ni ellir ymuno â’r alwad ar hyn o bryd.',
  },
};
