import type { PreflightWords } from '../preflight-words.js';

/** Portuguese. */
export const words: PreflightWords = {
  title: 'Verificar câmera e microfone',
  intro:
    'Antes de entrar, veja se é possível ver e ouvir você. O navegador vai perguntar se esta página pode usá-los. Nada é gravado, e ninguém vê você ainda.',
  start: 'Verificar agora',
  names: { camera: 'Câmera', microphone: 'Microfone', speaker: 'Alto-falante', network: 'Conexão' },
  verdicts: {
    idle: 'Não verificado',
    asking: 'Verificando…',
    ok: 'Funciona',
    weak: 'Funciona com um limite',
    failed: 'Não funciona',
  },
  advice: {
    asking: 'Responda à pergunta do navegador.',
    denied:
      'Não é permitido aqui. Abra as configurações da página ao lado do endereço, permita e tente de novo.',
    dismissed: 'A pergunta foi fechada. Tente de novo e escolha “Permitir”.',
    blocked:
      'A página que contém esta não o repassa. Quem administra o site precisa permitir câmera e microfone.',
    insecure: 'Os navegadores só permitem isso em páginas seguras, cujo endereço começa com https.',
    unsupported: 'Este navegador não consegue fazer isso. Use outro.',
    missing: 'Nenhum foi encontrado. Conecte um e tente de novo.',
    in_use: 'Nada chega: talvez outro programa o esteja usando. Feche-o e tente de novo.',
    silent: 'Ainda não se ouve nada. Diga algo ou escolha outro.',
    unmeasured: 'Está ligado. Este navegador não permite medir o volume.',
  },
  fine: {
    camera: 'É possível ver você.',
    microphone: 'É possível ouvir você.',
    speaker: 'Você nos ouve.',
    network: 'É suficiente para uma chamada.',
  },
  network: {
    asking: 'Leva no máximo três segundos.',
    slow: 'Está lenta: som e imagem podem chegar atrasados.',
    restricted: 'Talvez esta rede não deixe passar chamadas. Se a chamada não conectar, tente outra rede.',
    unreachable: 'Não foi possível alcançar o serviço. Verifique a conexão e tente de novo.',
  },
  canGoWithout: 'Você pode continuar sem isso.',
  level: 'Seu volume',
  preview: 'Sua própria imagem',
  systemDevice: 'Como definido no sistema',
  playTone: 'Tocar um som',
  isToneHeard: 'Você ouviu um som?',
  heard: 'Sim',
  notHeard: 'Não',
  toneNotHeard: 'Aumente o volume ou escolha outro, e toque o som de novo.',
  tryAgain: 'Tentar de novo',
  goOn: 'Continuar',
  stop: 'Desligar',
  passed: 'Tudo o que é necessário funciona.',
  notPassed: 'Algo necessário ainda não funciona.',
};
