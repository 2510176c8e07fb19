import type { PreflightWords } from '../preflight-words.js';

/** Welsh. */
export const words: PreflightWords = {
  title: 'Gwirio’r camera a’r microffon',
  intro:
    'Cyn ymuno, gwiriwch a oes modd eich gweld a’ch clywed. Bydd eich porwr yn gofyn a gaiff y dudalen hon eu defnyddio. Does dim yn cael ei recordio, a does neb yn eich gweld eto.',
  start: 'Gwirio nawr',
  names: { camera: 'Camera', microphone: 'Microffon', speaker: 'Seinydd', network: 'Cysylltiad' },
  verdicts: {
    idle: 'Heb ei wirio',
    asking: 'Yn gwirio…',
    ok: 'Yn gweithio',
    weak: 'Yn gweithio, gyda chyfyngiad',
    failed: 'Ddim yn gweithio',
  },
  advice: {
    asking: 'Atebwch gwestiwn eich porwr.',
    denied:
      'Nid yw’n cael ei ganiatáu yma. Agorwch osodiadau’r dudalen wrth ymyl y cyfeiriad, ei ganiatáu, a rhoi cynnig arall arni.',
    dismissed: 'Caewyd y cwestiwn. Rhowch gynnig arall arni a dewis “Caniatáu”.',
    blocked:
      'Nid yw’r dudalen o’i chwmpas yn ei drosglwyddo. Rhaid i bwy bynnag sy’n rhedeg y wefan ganiatáu’r camera a’r microffon.',
    insecure:
      'Dim ond ar dudalennau diogel y mae porwyr yn ei ganiatáu, sef rhai â chyfeiriad sy’n dechrau â https.',
    unsupported: 'Ni all y porwr hwn wneud hyn. Defnyddiwch un arall.',
    missing: 'Ni chafwyd hyd i un. Cysylltwch un a rhoi cynnig arall arni.',
    in_use:
      'Does dim yn dod drwodd: efallai fod rhaglen arall yn ei ddefnyddio. Caewch honno a rhoi cynnig arall arni.',
    silent: 'Does dim i’w glywed eto. Dywedwch rywbeth, neu dewis un arall.',
    unmeasured: 'Mae ymlaen. Ni ellir mesur pa mor uchel yw’r sain yn y porwr hwn.',
  },
  fine: {
    camera: 'Mae modd eich gweld.',
    microphone: 'Mae modd eich clywed.',
    speaker: 'Rydych yn ein clywed.',
    network: 'Mae’n ddigon da ar gyfer galwad.',
  },
  network: {
    asking: 'Mae hyn yn cymryd tair eiliad ar y mwyaf.',
    slow: 'Mae’n araf: gall y sain a’r llun ddod yn hwyr.',
    restricted:
      'Efallai na fydd y rhwydwaith hwn yn gadael galwadau drwodd. Os nad yw’r alwad yn cysylltu, rhowch gynnig ar rwydwaith arall.',
    unreachable: 'Ni ellir cyrraedd y gwasanaeth. Gwiriwch eich cysylltiad a rhoi cynnig arall arni.',
  },
  canGoWithout: 'Gallwch fynd ymlaen hebddo.',
  level: 'Pa mor uchel ydych chi',
  preview: 'Eich llun eich hun',
  systemDevice: 'Fel y mae yn y system',
  playTone: 'Chwarae tôn',
  isToneHeard: 'Glywsoch chi dôn?',
  heard: 'Do',
  notHeard: 'Naddo',
  toneNotHeard: 'Codwch lefel y sain neu ddewis un arall, a chwarae’r dôn eto.',
  tryAgain: 'Rhoi cynnig arall arni',
  goOn: 'Ymlaen',
  stop: 'Diffodd',
  passed: 'Mae popeth sydd ei angen yn gweithio.',
  notPassed: 'Mae rhywbeth sydd ei angen heb weithio eto.',
};
