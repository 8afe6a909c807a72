"""Month names, as pages write them: nominative, genitive and abbreviations, without accents."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["fold", "month_number", "months_in"]

_WORD = re.compile(r"[a-z]+")

# Twelve columns a language; forms of one month are parted by commas, words of one form joined by "_".
_TABLE = {
    "en": "january,jan february,feb,febr march,mar april,apr may june,jun july,jul august,aug "
    "september,sept,sep october,oct november,nov december,dec",
    "de": "januar,jan,jänner,jän februar,feb,feber märz,mär,mrz,maerz april,apr mai juni,jun juli,jul "
    "august,aug september,sept,sep oktober,okt november,nov dezember,dez",
    "fr": "janvier,janv,jan février,févr,fév mars avril,avr mai juin juillet,juil août "
    "septembre,sept,sep octobre,oct novembre,nov décembre,déc",
    "es": "enero,ene febrero,feb marzo,mar abril,abr mayo,may junio,jun julio,jul agosto,ago "
    "septiembre,setiembre,sept,sep,set octubre,oct noviembre,nov diciembre,dic",
    "it": "gennaio,gen febbraio,feb,febbr marzo,mar aprile,apr maggio,mag giugno,giu luglio,lug agosto,ago "
    "settembre,sett,set ottobre,ott novembre,nov dicembre,dic",
    "pt": "janeiro,jan fevereiro,fev março,mar abril,abr maio,mai junho,jun julho,jul agosto,ago "
    "setembro,set outubro,out novembro,nov dezembro,dez",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "nl": "januari,jan februari,feb maart,mrt april,apr mei juni,jun juli,jul augustus,aug "
    "september,sept,sep oktober,okt november,nov december,dec",
    "pl": "styczeń,stycznia,sty luty,lutego,lut marzec,marca,mar kwiecień,kwietnia,kwi maj,maja "
    "czerwiec,czerwca,cze lipiec,lipca,lip sierpień,sierpnia,sie wrzesień,września,wrz "
    "październik,października,paź listopad,listopada,lis grudzień,grudnia,gru",
    "cs": "leden,ledna únor,února březen,března duben,dubna květen,května červen,června červenec,července "
    "srpen,srpna září říjen,října listopad,listopadu prosinec,prosince",
    "sk": "január,januára február,februára marec,marca apríl,apríla máj,mája jún,júna júl,júla "
    "august,augusta september,septembra október,októbra november,novembra december,decembra",
    "hr": "siječanj,siječnja veljača,veljače ožujak,ožujka travanj,travnja svibanj,svibnja lipanj,lipnja "
    "srpanj,srpnja kolovoz,kolovoza rujan,rujna listopad,listopada studeni,studenoga,studenog "
    "prosinac,prosinca",
    "ru": "январь,января,янв февраль,февраля,фев,февр март,марта,мар апрель,апреля,апр май,мая "
    "июнь,июня,июн июль,июля,июл август,августа,авг сентябрь,сентября,сен,сент октябрь,октября,окт "
    "ноябрь,ноября,ноя,нояб декабрь,декабря,дек",
    "uk": "січень,січня,січ лютий,лютого,лют березень,березня,бер квітень,квітня,квіт травень,травня,трав "
    "червень,червня,черв липень,липня,лип серпень,серпня,серп вересень,вересня,вер "
    "жовтень,жовтня,жовт листопад,листопада,лист грудень,грудня,груд",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "tr": "ocak,oca şubat,şub mart,mar nisan,nis mayıs,may haziran,haz temmuz,tem ağustos,ağu eylül,eyl "
    "ekim,eki kasım,kas aralık,ara",
    "sv": "januari,jan februari,feb mars,mar april,apr maj juni,jun juli,jul augusti,aug "
    "september,sept,sep oktober,okt november,nov december,dec",
    "da": "januar,jan februar,feb marts,mar april,apr maj juni,jun juli,jul august,aug "
    "september,sept,sep oktober,okt november,nov december,dec",
    "no": "januar,jan februar,feb mars,mar april,apr mai juni,jun juli,jul august,aug "
    "september,sept,sep oktober,okt november,nov desember,des",
    "fi": "tammikuu,tammikuuta helmikuu,helmikuuta maaliskuu,maaliskuuta huhtikuu,huhtikuuta "
    "toukokuu,toukokuuta kesäkuu,kesäkuuta heinäkuu,heinäkuuta elokuu,elokuuta syyskuu,syyskuuta "
    "lokakuu,lokakuuta marraskuu,marraskuuta joulukuu,joulukuuta",
    "hu": "január,jan február,febr,feb március,márc április,ápr május,máj június,jún július,júl "
    "augusztus,aug szeptember,szept október,okt november,nov december,dec",
    "ro": "ianuarie,ian februarie,feb martie,mar aprilie,apr mai iunie,iun iulie,iul august,aug "
    "septembrie,sept octombrie,oct noiembrie,noi decembrie,dec",
    "el": "ιανουάριος,ιανουαρίου,ιαν φεβρουάριος,φεβρουαρίου,φεβ μάρτιος,μαρτίου,μαρ απρίλιος,απριλίου,απρ "
    "μάιος,μαΐου,μαι ιούνιος,ιουνίου,ιουν ιούλιος,ιουλίου,ιουλ αύγουστος,αυγούστου,αυγ "
    "σεπτέμβριος,σεπτεμβρίου,σεπ οκτώβριος,οκτωβρίου,οκτ νοέμβριος,νοεμβρίου,νοε δεκέμβριος,δεκεμβρίου,δεκ",
    "id": "januari,jan februari,feb maret,mar april,apr mei juni,jun juli,jul agustus,agu,agt september,sep "
    "oktober,okt november,nov desember,des",
    "ar": "يناير,جانفي,كانون_الثاني فبراير,فيفري,شباط مارس,آذار أبريل,إبريل,أفريل,نيسان مايو,ماي,أيار "
    "يونيو,يونيه,جوان,حزيران يوليو,يوليه,جويلية,تموز أغسطس,أوت,غشت,آب سبتمبر,شتنبر,أيلول "
    "أكتوبر,تشرين_الأول نوفمبر,نونبر,تشرين_الثاني ديسمبر,دجنبر,كانون_الأول",
    "he": "ינואר,בינואר פברואר,בפברואר מרץ,במרץ אפריל,באפריל מאי,במאי יוני,ביוני יולי,ביולי "
    "אוגוסט,באוגוסט ספטמבר,בספטמבר אוקטובר,באוקטובר נובמבר,בנובמבר דצמבר,בדצמבר",
    "sl": "januar,januarja februar,februarja marec,marca april,aprila maj,maja junij,junija julij,julija avgust,avgusta "
    "september,septembra oktober,oktobra november,novembra december,decembra",
    "sr": "januar,januara,јануар,јануара februar,februara,фебруар,фебруара mart,marta,март,марта april,aprila,април,априла "
    "maj,maja,мај,маја jun,juna,јун,јуна jul,jula,јул,јула avgust,avgusta,август,августа "
    "septembar,septembra,септембар,септембра oktobar,oktobra,октобар,октобра novembar,novembra,новембар,новембра "
    "decembar,decembra,децембар,децембра",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "sq": "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "ka": "იანვარი,იანვარს თებერვალი,თებერვალს მარტი,მარტს აპრილი,აპრილს მაისი,მაისს ივნისი,ივნისს ივლისი,ივლისს "
    "აგვისტო,აგვისტოს სექტემბერი,სექტემბერს ოქტომბერი,ოქტომბერს ნოემბერი,ნოემბერს დეკემბერი,დეკემბერს",
    "hy": "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "bn": "জানুয়ারি,জানুয়ারী ফেব্রুয়ারি,ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर,सितम्बर अक्टूबर,अक्तूबर नवंबर,नवम्बर दिसंबर,दिसम्बर",
}


def fold(text: str) -> str:
    """Lower case, accents dropped, wide forms made narrow: how names are compared here."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    kept = "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFC", kept)


@lru_cache(maxsize=64)
def _names(language: str) -> dict[str, int]:
    """Folded names of one language, or of all ("")."""
    names: dict[str, int] = {}
    for row in [_TABLE[language]] if language else _TABLE.values():
        for number, forms in enumerate(row.split(), start=1):
            for form in forms.split(","):
                names.setdefault(fold(form.replace("_", " ")), number)
    return names


def month_number(name: str, language: str = "") -> int:
    """1-12 for a folded name, by the language's own table first; 0 when it is no month's."""
    own = language.lower().partition("-")[0]
    own = {"nb": "no", "nn": "no", "bs": "sr"}.get(own, own)
    name = " ".join(name.split())
    return (_names(own).get(name, 0) if own in _TABLE else 0) or _names("").get(name, 0)


def months_in(folded: str) -> list[re.Match[str]]:
    """The months' names of all languages in a folded text."""
    if (
        folded.isascii()
    ):  # where a name is one word: to ask for each word is quicker than to try all names everywhere
        names = _names("")
        return [word for word in _WORD.finditer(folded) if word[0] in names]
    return list(_expression().finditer(folded))


@lru_cache(maxsize=1)
def _expression() -> re.Pattern[str]:
    names = sorted(_names(""), key=len, reverse=True)
    words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)
    return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])")
