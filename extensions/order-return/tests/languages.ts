import de from '../locales/de.json';
import en from '../locales/en.default.json';
import es from '../locales/es.json';
import fr from '../locales/fr.json';

export const LANGUAGES = {en, fr, de, es};
