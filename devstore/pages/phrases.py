"""The fixed words of the storefront in the buyer's language."""

LOCALES = {"en": "English", "fr": "Français", "de": "Deutsch", "es": "Español"}

PHRASES: dict[str, tuple[str, str, str, str]] = {
    "tagline": (
        "Simple things, made to stay.",
        "Des objets simples, faits pour durer.",
        "Einfache Dinge, die bleiben.",
        "Cosas sencillas, hechas para durar.",
    ),
    "prices_in": ("Prices in", "Prix en", "Preise in", "Precios en"),
    "all": ("All products", "Tous les produits", "Alle Produkte", "Todos los productos"),
    "add": ("Add to cart", "Ajouter au panier", "In den Warenkorb", "Añadir al carrito"),
    "cart": ("Your cart", "Votre panier", "Ihr Warenkorb", "Su carrito"),
    "cart_empty": (
        "Your cart is empty.",
        "Votre panier est vide.",
        "Ihr Warenkorb ist leer.",
        "Su carrito está vacío.",
    ),
    "keep_shopping": ("Keep shopping", "Continuer les achats", "Weiter einkaufen", "Seguir comprando"),
    "update": ("Update", "Mettre à jour", "Aktualisieren", "Actualizar"),
    "checkout": ("Checkout", "Passer la commande", "Zur Kasse", "Tramitar pedido"),
    "contact": ("Contact", "Contact", "Kontakt", "Contacto"),
    "email": ("E-mail", "E-mail", "E-Mail", "Correo electrónico"),
    "phone": ("Phone (optional)", "Téléphone (facultatif)", "Telefon (optional)", "Teléfono (opcional)"),
    "news": (
        "E-mail me news and offers",
        "M'envoyer des nouvelles et des offres",
        "Neuigkeiten und Angebote per E-Mail erhalten",
        "Enviarme novedades y ofertas",
    ),
    "delivery": ("Delivery", "Livraison", "Lieferung", "Entrega"),
    "first_name": ("First name", "Prénom", "Vorname", "Nombre"),
    "last_name": ("Last name", "Nom", "Nachname", "Apellidos"),
    "address": ("Address", "Adresse", "Adresse", "Dirección"),
    "zip": ("Postal code", "Code postal", "Postleitzahl", "Código postal"),
    "city": ("City", "Ville", "Ort", "Ciudad"),
    "country": ("Country", "Pays", "Land", "País"),
    "shipping_method": ("Shipping method", "Mode d'expédition", "Versandart", "Método de envío"),
    "standard": ("Standard, 2–4 days", "Standard, 2 à 4 jours", "Standard, 2–4 Tage", "Estándar, 2–4 días"),
    "express": ("Express, next day", "Express, le lendemain", "Express, am nächsten Tag", "Exprés, al día siguiente"),
    "nothing_shipped": (
        "Nothing in your cart needs shipping.",
        "Rien dans votre panier ne doit être expédié.",
        "Nichts in Ihrem Warenkorb muss verschickt werden.",
        "Nada en su carrito requiere envío.",
    ),
    "payment": ("Payment", "Paiement", "Zahlung", "Pago"),
    "card": ("Credit card (pretend)", "Carte bancaire (fictive)", "Kreditkarte (fiktiv)", "Tarjeta (ficticia)"),
    "bank": (
        "Bank deposit, pay later",
        "Virement, payer plus tard",
        "Überweisung, später zahlen",
        "Transferencia, pagar después",
    ),
    "card_number": ("Card number", "Numéro de carte", "Kartennummer", "Número de tarjeta"),
    "card_hint": (
        "No money moves. 1 is accepted, 2 is declined.",
        "Aucun argent n'est débité. 1 est accepté, 2 est refusé.",
        "Es fließt kein Geld. 1 wird angenommen, 2 abgelehnt.",
        "No se cobra nada. 1 se acepta, 2 se rechaza.",
    ),
    "card_declined": (
        "Your card was declined.",
        "Votre carte a été refusée.",
        "Ihre Karte wurde abgelehnt.",
        "Su tarjeta fue rechazada.",
    ),
    "pay": ("Pay now", "Payer maintenant", "Jetzt bezahlen", "Pagar ahora"),
    "code": ("Discount code", "Code de réduction", "Rabattcode", "Código de descuento"),
    "apply": ("Apply", "Appliquer", "Anwenden", "Aplicar"),
    "code_unknown": (
        "This code is not known.",
        "Ce code est inconnu.",
        "Dieser Code ist unbekannt.",
        "Este código no existe.",
    ),
    "subtotal": ("Subtotal", "Sous-total", "Zwischensumme", "Subtotal"),
    "discount": ("Discount", "Réduction", "Rabatt", "Descuento"),
    "shipping": ("Shipping", "Livraison", "Versand", "Envío"),
    "total": ("Total", "Total", "Gesamt", "Total"),
    "tax": (
        "Including {amount} in taxes",
        "Dont {amount} de taxes",
        "Inklusive {amount} Steuern",
        "Incluye {amount} de impuestos",
    ),
    "thanks": ("Thank you, {name}!", "Merci, {name} !", "Vielen Dank, {name}!", "¡Gracias, {name}!"),
    "thanks_plain": ("Thank you!", "Merci !", "Vielen Dank!", "¡Gracias!"),
    "confirmed": (
        "Your order is confirmed. You will get an e-mail when it is on its way.",
        "Votre commande est confirmée. Vous recevrez un e-mail dès son expédition.",
        "Ihre Bestellung ist bestätigt. Sie erhalten eine E-Mail, sobald sie unterwegs ist.",
        "Su pedido está confirmado. Recibirá un correo cuando salga.",
    ),
    "unpaid": (
        "Your order is placed. We will send it when the money has arrived.",
        "Votre commande est enregistrée. Nous l'enverrons à réception du paiement.",
        "Ihre Bestellung ist eingegangen. Wir versenden sie, sobald das Geld da ist.",
        "Su pedido está registrado. Lo enviaremos al recibir el pago.",
    ),
    "confirmation": ("Confirmation", "Confirmation", "Bestätigung", "Confirmación"),
    "orders": ("Orders", "Commandes", "Bestellungen", "Pedidos"),
    "order": ("Order", "Commande", "Bestellung", "Pedido"),
    "track": ("Track your order", "Suivre votre commande", "Bestellung verfolgen", "Seguir su pedido"),
    "order_status": ("Order status", "État de la commande", "Bestellstatus", "Estado del pedido"),
    "parcel": ("Parcel {number}", "Colis {number}", "Paket {number}", "Paquete {number}"),
    "not_shipped": ("Not shipped yet", "Pas encore expédié", "Noch nicht versandt", "Aún no enviado"),
    "cancelled": ("Cancelled", "Annulée", "Storniert", "Cancelado"),
    "refunded": ("Refunded", "Remboursé", "Erstattet", "Reembolsado"),
    "ships_to": ("Ships to", "Livré à", "Lieferung an", "Se envía a"),
    "account": ("Your account", "Votre compte", "Ihr Konto", "Su cuenta"),
    "log_in": ("Log in", "Se connecter", "Anmelden", "Iniciar sesión"),
    "log_out": ("Log out", "Se déconnecter", "Abmelden", "Cerrar sesión"),
    "send_code": ("Send me a code", "Envoyez-moi un code", "Code zusenden", "Envíenme un código"),
    "code_sent": (
        "We have sent a six-digit code to {email}.",
        "Nous avons envoyé un code à six chiffres à {email}.",
        "Wir haben einen sechsstelligen Code an {email} gesendet.",
        "Hemos enviado un código de seis cifras a {email}.",
    ),
    "six_digits": ("Six-digit code", "Code à six chiffres", "Sechsstelliger Code", "Código de seis cifras"),
    "code_wrong": (
        "That is not the code.",
        "Ce n'est pas le bon code.",
        "Das ist nicht der Code.",
        "Ese no es el código.",
    ),
    "code_again": (
        "Ask for another code",
        "Demander un autre code",
        "Anderen Code anfordern",
        "Pedir otro código",
    ),
    "code_old": (
        "That code does not work any more. Ask for a new one.",
        "Ce code ne fonctionne plus. Demandez-en un nouveau.",
        "Dieser Code gilt nicht mehr. Fordern Sie einen neuen an.",
        "Ese código ya no sirve. Pida uno nuevo.",
    ),
    "code_life": (
        "It works once, for ten minutes. If you did not ask for it, you need do nothing.",
        "Il fonctionne une fois, pendant dix minutes. Si vous ne l'avez pas demandé, ignorez ce message.",
        "Er gilt einmal und zehn Minuten lang. Wenn Sie ihn nicht angefordert haben, ist nichts zu tun.",
        "Sirve una vez, durante diez minutos. Si no lo ha pedido, no tiene que hacer nada.",
    ),
    "code_mail": ("Your code: {code}", "Votre code : {code}", "Ihr Code: {code}", "Su código: {code}"),
    "no_orders": ("No orders yet.", "Pas encore de commande.", "Noch keine Bestellungen.", "Aún no hay pedidos."),
    "save": ("Save", "Enregistrer", "Speichern", "Guardar"),
    "link_old": (
        "This link does not work any more.",
        "Ce lien ne fonctionne plus.",
        "Dieser Link funktioniert nicht mehr.",
        "Este enlace ya no funciona.",
    ),
    "link_ask": ("Ask for a new link", "Demander un nouveau lien", "Neuen Link anfordern", "Pedir un enlace nuevo"),
    "link_asked": (
        "We have asked the shop to send you a new link.",
        "Nous avons demandé à la boutique de vous envoyer un nouveau lien.",
        "Wir haben den Shop gebeten, Ihnen einen neuen Link zu senden.",
        "Hemos pedido a la tienda que le envíe un enlace nuevo.",
    ),
}
"""By key, in the order of LOCALES."""

PARCELS: dict[str | None, tuple[str, str, str, str]] = {
    None: ("Shipped", "Expédié", "Versandt", "Enviado"),
    "label_purchased": ("Being prepared", "En préparation", "In Vorbereitung", "En preparación"),
    "label_printed": ("Being prepared", "En préparation", "In Vorbereitung", "En preparación"),
    "confirmed": ("Confirmed", "Confirmé", "Bestätigt", "Confirmado"),
    "carrier_picked_up": ("On its way", "En route", "Unterwegs", "En camino"),
    "in_transit": ("On its way", "En route", "Unterwegs", "En camino"),
    "delayed": ("Delayed", "Retardé", "Verspätet", "Retrasado"),
    "out_for_delivery": ("Out for delivery", "En cours de livraison", "In Zustellung", "En reparto"),
    "ready_for_pickup": ("Ready for pick-up", "Prêt à retirer", "Abholbereit", "Listo para recoger"),
    "attempted_delivery": ("Delivery attempted", "Tentative de livraison", "Zustellversuch", "Intento de entrega"),
    "delivered": ("Delivered", "Livré", "Zugestellt", "Entregado"),
    "failure": ("Returned to sender", "Retourné à l'expéditeur", "Zurück an Absender", "Devuelto al remitente"),
}


def say(key: str, locale: str, **values: str) -> str:
    """KeyError for a phrase that is not there; English for a language that is not there."""
    return PHRASES[key][_place(locale)].format(**values)


def parcel_word(status: str | None, locale: str) -> str:
    return PARCELS[status][_place(locale)]


def _place(locale: str) -> int:
    known = list(LOCALES)
    return known.index(locale) if locale in known else 0
